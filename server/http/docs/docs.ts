import type { FastifyPluginAsync } from 'fastify'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { type Document, docsPage } from './docs-page.ts'
import { html } from './html.ts'
import { answers } from '../schemas/common.ts'

const STYLE = readFileSync(new URL('docs.css', import.meta.url), 'utf8')
/** Allows the page's inline style by its hash. Inline, the style also works in a saved copy of the page. */
const POLICY =
  `default-src 'none'; style-src 'self' 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; font-src 'self'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Stands for the address that the reader has used, until the page is sent. */
const ORIGIN = 'http://this-server.invalid'

const tags = ['server']

const documentSchema = {
  tags,
  summary: 'This API as an OpenAPI document',
  response: answers({
    200: Type.Object({ openapi: Type.String() }, { description: 'OpenAPI 3.1.', additionalProperties: true }),
  }),
}

const pageSchema = {
  tags,
  summary: 'This API as a page to read',
  description: 'Works offline. With a token set, save it with curl: a browser cannot send the header.',
  response: answers({ 200: { description: 'The page.', content: { 'text/html': { schema: Type.String() } } } }),
}

/** Serves `/api/openapi.json` and `/api/docs`. */
export const docsRoutes: FastifyPluginAsync<{ hasToken: boolean; pageFolder: string }> = async (app, options) => {
  const { hasToken, pageFolder } = options
  // Both are written once, after the last route has been added: the page takes several milliseconds.
  const text = once(() => JSON.stringify(app.swagger()))
  const page = once(() => {
    const surroundings = { origin: ORIGIN, hasToken, stylesheet: stylesheet(pageFolder), style: STYLE }
    return docsPage(app.swagger() as unknown as Document, surroundings).split(ORIGIN)
  })

  app.get('/api/openapi.json', { schema: documentSchema }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text()),
  )

  app.get('/api/docs', { schema: pageSchema }, async ({ host }, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .send(page().join(html`http://${host}`.text)),
  )
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/**
 * Finds the built stylesheet, whose name contains a hash. index.html names it relative to itself, one folder above this
 * page: behind a proxy, neither page knows the path before its own.
 */
function stylesheet(pageFolder: string): string | null {
  try {
    const index = readFileSync(join(pageFolder, 'index.html'), 'utf8')
    const path = /<link rel="stylesheet"[^>]* href="\.\/([^"]+)"/.exec(index)?.[1]
    return path === undefined ? null : `../${path}`
  } catch {
    return null
  }
}
