import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { Document, Operation } from '../../server/http/docs/docs-page.ts'
import { buildHttp } from '../../server/http/server.ts'
import type { Services } from '../../server/http/services.ts'
import { Hub } from '../../server/table/hub.ts'
import { KernelView } from '../../server/table/kernel-view.ts'
import { ConnectionTable } from '../../server/table/table.ts'
import { strict } from './strict-schema.ts'

export interface Endpoint {
  method: string
  path: string
  operation: Operation
}

/** The OpenAPI document, its endpoints, and the app's routes as `GET /path/{id}`. The app never listens. */
export async function describedApi(): Promise<{ document: Document; endpoints: Endpoint[]; routes: string[] }> {
  const table = new ConnectionTable(0)
  const room = { session: null }
  const source = { table, room, hub: new Hub(table), kernel: new KernelView(table, null), listener: {}, version: '0' }
  const access = { allowHosts: [], startedWith: [], token: null, readOnly: false, uiHost: '127.0.0.1', maxReaders: 64 }
  const app = await buildHttp(source as unknown as Services, access, pino({ level: 'silent' }))
  await app.ready()
  const document = app.swagger() as unknown as Document
  const routes = paths(app.printRoutes({ commonPrefix: false }))
  await app.close()
  const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  return { document, endpoints, routes }
}

/** Parses Fastify's route tree: each line has a part of the path, indented by four characters for each parent. */
function paths(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const match = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line)
    if (match === null) return []
    const [, indent = '', piece = '', methods] = match
    above.length = indent.length / 4
    above.push(piece)
    const path = above.join('').replaceAll(/:(\w+)/g, '{$1}')
    return (methods ?? '')
      .split(', ')
      .flatMap((method) => (method === '' || method === 'HEAD' ? [] : [`${method} ${path}`]))
  })
}

/** Compares answers with the document. A field that the document does not have is an error too. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: Document) {
    this.#ajv.addSchema(strict(document) as object, 'api')
  }

  /** @param type the answer's content type. Only JSON bodies are compared; other types must be documented. */
  check(
    { method, path, operation }: Endpoint,
    status: number,
    type: string | null,
    body: unknown,
    asked: string,
  ): void {
    const answer = operation.responses[String(status)]
    expect(
      answer,
      `${asked} was answered with ${status}, which is not documented: ${JSON.stringify(body)}`,
    ).toBeDefined()
    const name = type?.split(';')[0] ?? ''
    if (answer?.content === undefined) return expect(name, asked).toBe('')
    expect(Object.keys(answer.content), asked).toContain(name)
    if (name !== 'application/json') return
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', name, 'schema']
    const validate = this.#validator(`api#/${pointer.map(escape).join('/')}`)
    validate(body)
    expect(validate.errors ?? [], `${asked}: ${JSON.stringify(body).slice(0, 500)}`).toEqual([])
    const { code } = body as { code?: string }
    if (status >= 400 && code !== undefined) expect(answer.description, asked).toContain(`\`${code}\``)
  }

  #validator($ref: string): ValidateFunction {
    const known = this.#validators.get($ref) ?? this.#ajv.compile({ $ref })
    this.#validators.set($ref, known)
    return known
  }
}

function escape(piece: string): string {
  return encodeURIComponent(piece.replaceAll('~', '~0').replaceAll('/', '~1'))
}
