import { expect, test } from 'vitest'
import type { Document } from '../../../../server/http/docs/docs-page.ts'
import { CODES } from '../../../../server/http/codes.ts'
import { Html, html, prose } from '../../../../server/http/docs/html.ts'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'

const server = sharedServer()

async function docs(uiPort: number, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${uiPort}/api/docs`, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const statusOf = async (url: URL) => (await fetch(url)).status

test('the page to read has every endpoint with a command to copy, and every error code', async () => {
  const { body } = await getJson<Document>(server(), '/api/openapi.json')
  const { text, headers } = await docs(server().uiPort)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  for (const [path, methods] of Object.entries(body.paths)) {
    for (const method of Object.keys(methods)) {
      expect(text).toContain(`<span class="method ${method}">${method.toUpperCase()}</span> ${path}`)
    }
    expect(text).toContain(`http://127.0.0.1:${server().uiPort}${path.replace('{id}', '1')}`)
  }
  const general = ['NOT_FOUND', 'BAD_URL', 'BAD_REQUEST', 'REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE']
  for (const code of Object.keys(CODES).filter((name) => !general.includes(name))) expect(text).toContain(code)
})

test('the page has no script, loads nothing from other sites, and its CSP allows neither; a proxy may serve it below a path', async () => {
  const { text, headers } = await docs(server().uiPort)
  expect(text).not.toMatch(/<script|javascript:|\son\w+=/i)
  const links = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target]) => target ?? '')
  expect(links.length).toBeGreaterThan(10)
  // Behind a proxy, a link that begins with a slash would leave the path of the dashboard.
  const at = new URL('http://proxy.example/below/api/docs')
  for (const link of links) expect(new URL(link, at).href).toMatch(/^http:\/\/proxy\.example\/below\//)
  for (const link of links.filter((target) => !target.startsWith('#'))) {
    expect(await statusOf(new URL(link, `http://127.0.0.1:${server().uiPort}/api/docs`))).toBe(200)
  }
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect(policy).not.toContain('script-src')
})

test('the commands use the address that each reader has used, though the page is written once', async () => {
  const { uiPort } = server()
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.1']) {
    const text = await (await fetch(`http://${host}:${uiPort}/api/docs`)).text()
    const origins = new Set(
      [...text.matchAll(/&#39;(http:\/\/[^/]+)\/|'(http:\/\/[^/]+)\//g)].map(([, a, b]) => a ?? b),
    )
    expect([...origins]).toEqual([`http://${host}:${uiPort}`])
  }
})

test('each link within the page leads somewhere', async () => {
  const { text } = await docs(server().uiPort)
  const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(targets.length).toBeGreaterThan(10)
  for (const id of targets) expect(text, id).toContain(`id="${id}"`)
})

test('with a token set, the commands send one, and the page itself needs it', async () => {
  const { uiPort } = await startServer({ token: 'secret-of-the-test' })
  expect((await docs(uiPort)).status).toBe(401)
  const { status, text } = await docs(uiPort, { authorization: 'Bearer secret-of-the-test' })
  expect(status).toBe(200)
  expect(text).toContain('-H &quot;authorization: Bearer $TOKEN&quot;')
  expect(text).not.toContain('secret-of-the-test')
})

test('values in a template are escaped, but for what is HTML already', () => {
  expect(html`<a title="${`"'<&>`}">${[html`<b>${1}</b>`, '<i>']}</a>`.text).toBe(
    '<a title="&quot;&#39;&lt;&amp;&gt;"><b>1</b>&lt;i&gt;</a>',
  )
  expect(html`${new Html('<br>')}`.text).toBe('<br>')
  expect(html`${prose('a `<b>` c')}`.text).toBe('a <code>&lt;b&gt;</code> c')
})
