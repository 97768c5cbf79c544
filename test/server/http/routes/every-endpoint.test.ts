import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ClientRecord } from '../../../../shared/client.ts'
import type { Schema } from '../../../../server/http/docs/docs-page.ts'
import { getJson, sharedServer } from '../../../support/app.ts'
import { type OpenClass, openClass, type StudentOf } from '../../../support/class.ts'
import { Contract, describedApi, type Endpoint } from '../../../support/openapi.ts'

const { document, endpoints, routes } = await describedApi()
const contract = new Contract(document)
const server = sharedServer()

interface Asked {
  status: number
  code: string | undefined
}

interface Request {
  path: string
  body?: string | undefined
  type?: string
}

const JSON_TYPE = 'application/json'
const name = ({ method, path }: Endpoint): string => `${method} ${path}`
const bodyOf = ({ operation }: Endpoint) => operation.requestBody?.content[JSON_TYPE]
/** It had no body before it took a lease. */
const BODY_OPTIONAL = 'POST /api/listener/pause'
const withBody = endpoints.filter((endpoint) => bodyOf(endpoint) !== undefined)
const withId = endpoints.filter(({ path }) => path.includes('{id}'))

test('the document knows every route, and no other', () => {
  // The remaining routes serve the page.
  const ours = routes.filter((route) => !route.endsWith('*') && route !== 'GET /')
  expect(ours.toSorted()).toEqual(endpoints.map(name).toSorted())
  expect(ours.length).toBeGreaterThan(20)
})

describe('is answered as documented:', () => {
  let live: ClientRecord
  let closed: ClientRecord

  // Each endpoint gets new connections, because some endpoints close them.
  beforeEach(async () => {
    await fetch(url('/api/listener/resume'), { method: 'POST' })
    live = await openClient()
    closed = await openClient()
    await fetch(url(`/api/clients/${closed.id}?how=reset`), { method: 'DELETE' })
    const record = () => getJson<{ state: string }>(server(), `/api/connections/${closed.connectionId}`)
    await expect.poll(async () => (await record()).body.state).toBe('closed')
  })

  test.for(endpoints.map((endpoint) => [name(endpoint), endpoint] as const))('%s, asked well', async ([, endpoint]) => {
    const { status } = await ask(endpoint, good(endpoint))
    // A GET of the WebSocket's path without an upgrade is asked to upgrade.
    expect(name(endpoint) === 'GET /ws' ? [426] : [200, 201, 204]).toContain(status)
  })

  test.for(endpoints.map((endpoint) => [name(endpoint), endpoint] as const))(
    '%s, with a query parameter that is unknown',
    async ([, endpoint]) => {
      const { path, body } = good(endpoint)
      const query = path.includes('?') ? '&colour=red' : '?colour=red'
      expect(await ask(endpoint, { path: path + query, body })).toEqual({ status: 400, code: 'INVALID' })
      const { message } = (await (await send(endpoint, { path: path + query, body })).json()) as { message: string }
      expect(message).toContain('"colour"')
    },
  )

  test.for(withId.map((endpoint) => [name(endpoint), endpoint] as const))(
    '%s, with ids that are none, unknown or of something closed',
    async ([, endpoint]) => {
      const { body } = good(endpoint)
      const at = (id: string): Promise<Asked> => ask(endpoint, { path: filled(endpoint, id), body })
      for (const id of ['x', '-1', '1.5', '1e400', '99999999999999999999', 'null', '%00', '1;drop', '٣']) {
        expect(await at(id), id).toEqual({ status: 400, code: 'INVALID' })
      }
      expect((await at('999999999')).status).toBe(404)
      if (isOfClass(endpoint)) return
      const over = endpoint.path.includes('clients') ? closed.id : (closed.connectionId ?? 0)
      const { status } = await at(String(over))
      const acts = endpoint.method === 'POST' && endpoint.path.includes('connections')
      expect(status).toBe(endpoint.path.includes('clients') ? 404 : acts ? 409 : 200)
    },
  )

  const parameters = endpoints.flatMap((endpoint) =>
    (endpoint.operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map((p) => [endpoint, p] as const),
  )
  test.for(parameters.map(([endpoint, p]) => [name(endpoint), p.name, endpoint, p.schema] as const))(
    '%s, with a wrong %s',
    async ([, parameter, endpoint, schema]) => {
      for (const value of wrongTexts(schema)) {
        const { path, body } = good(endpoint, parameter)
        const query = `${path.includes('?') ? '&' : '?'}${parameter}=${encodeURIComponent(value)}`
        const answer = await ask(endpoint, { path: path + query, body })
        expect(answer, JSON.stringify(value)).toEqual({ status: 400, code: 'INVALID' })
      }
    },
  )

  test.for(withBody.map((endpoint) => [name(endpoint), endpoint] as const))(
    '%s, with a body that is not as it should be',
    async ([, endpoint]) => {
      const { path } = good(endpoint)
      const post = (body: string | undefined, type?: string): Promise<Asked> =>
        ask(endpoint, type === undefined ? { path, body } : { path, body, type })
      for (const body of wrongBodies(endpoint)) {
        expect(await post(JSON.stringify(body)), JSON.stringify(body)).toEqual({ status: 400, code: 'INVALID' })
      }
      if (name(endpoint) !== BODY_OPTIONAL) expect((await post(undefined)).status).toBe(400)
      for (const text of ['{', '{"text":', '', 'undefined', "{'a':1}", '{"__proto__":{"a":1}}']) {
        expect(await post(text), text).toMatchObject({ status: 400 })
      }
      const large = JSON.stringify({ text: 'x'.repeat(1024 * 1024) })
      expect(await post(large)).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
      for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense']) {
        expect(await post('{}', type), type).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
      }
    },
  )

  const carriers = withBody.filter((endpoint) => 'hex' in (bodyOf(endpoint)?.schema.properties ?? {}))
  test.for(carriers.map((endpoint) => [name(endpoint), endpoint] as const))(
    '%s, with bytes that are none',
    async ([, endpoint]) => {
      const { path } = good(endpoint)
      const targets = endpoint.path.includes('{id}') ? {} : { ids: [live.connectionId] }
      for (const bytes of [
        { hex: 'abc' },
        { hex: 'a' },
        { hex: '0x61' },
        { hex: 'zz' },
        { hex: '６１' },
        { base64: 'YWI' },
        { base64: 'YWI=x' },
        { base64: 'YW I=' },
        { base64: 'YWJ-' },
        { base64: 'YWJ=' },
        { text: 'a', hex: '61' },
        { text: 'a', hex: '61', base64: 'YQ==' },
        {},
      ]) {
        const body = JSON.stringify({ ...targets, ...bytes })
        expect(await ask(endpoint, { path, body }), body).toEqual({ status: 400, code: 'INVALID' })
      }
      for (const bytes of [{ hex: '' }, { hex: '61 62\n63' }, { hex: 'aBcD' }, { base64: '' }, { text: '\0\uFFFD' }]) {
        const body = JSON.stringify({ ...targets, ...bytes })
        expect((await ask(endpoint, { path, body })).status, body).toBe(200)
      }
    },
  )

  test.for(['/api/connections/close', '/api/connections/send'])('%s, with targets that are none', async (path) => {
    const endpoint = endpoints.find((one) => one.path === path)
    if (endpoint === undefined) throw new Error(`no ${path}`)
    const rest = path.endsWith('close') ? { how: 'fin' } : { text: 'x' }
    const ids = [live.connectionId]
    for (const targets of [
      {},
      { ids, all: true },
      { all: false },
      { all: 1 },
      { ids: 'all' },
      { ids: [-1] },
      { ids: ['1'] },
      { ids: [1.5] },
      { ids: [null] },
      { ids: Array.from({ length: 50_001 }, (_, i) => i) },
    ]) {
      const body = JSON.stringify({ ...targets, ...rest })
      expect(await ask(endpoint, { path, body }), body.slice(0, 80)).toEqual({ status: 400, code: 'INVALID' })
    }
    const many = JSON.stringify({ ids: Array.from({ length: 50_000 }, (_, i) => i + 1_000_000), ...rest })
    expect((await ask(endpoint, { path, body: many })).status).toBe(200)
  })

  /** The example from the OpenAPI document. */
  function good(endpoint: Endpoint, without?: string): Request {
    const { operation } = endpoint
    const id = isOfClass(endpoint) ? OWN : endpoint.path.includes('clients') ? live.id : live.connectionId
    const query = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && parameter.required === true && parameter.name !== without)
      .map((parameter) => `${parameter.name}=${encodeURIComponent(String(parameter.example))}`)
    const example = bodyOf(endpoint)?.example
    return {
      path: filled(endpoint, String(id)) + (query.length > 0 ? `?${query.join('&')}` : ''),
      body: example === undefined ? undefined : JSON.stringify(example),
    }
  }
})

const filled = ({ path }: Endpoint, id: string): string => path.replace('{id}', id)
const url = (path: string): string => `http://127.0.0.1:${server().uiPort}${path}`

async function openClient(): Promise<ClientRecord> {
  const headers = { 'content-type': JSON_TYPE }
  const { body } = await getJson<ClientRecord>(server(), '/api/clients', { method: 'POST', headers, body: '{}' })
  let client: ClientRecord | undefined = body
  // While the server closes a crowd, a client waits to be accepted.
  while (client?.connectionId === null) {
    const all = await getJson<ClientRecord[]>(server(), '/api/clients')
    client = all.body.find(({ id }) => id === body.id)
  }
  if (client === undefined) throw new Error('the client has been closed')
  return client
}

/** Stands for the student, or for the student's own client. */
const OWN = 'OWN'
const isOfClass = ({ path }: Endpoint): boolean => path.startsWith('/api/class')

interface Classroom {
  open: OpenClass
  student: StudentOf
  client: ClientRecord
}

let classroom: Promise<Classroom> | null = null

/** A class with a student, who has a connection, and with a question. */
async function openClassroom(): Promise<Classroom> {
  onTestFinished(() => {
    classroom = null
  })
  const open = await openClass(server().uiPort)
  const student = await open.join('Ada')
  const { body: client } = await student.ask<ClientRecord>('POST /api/class/me/connections')
  await open.teacher('POST /api/class/questions', { text: 'x', options: ['a', 'b'] })
  return { open, student, client }
}

/** What a student does is asked at the dashboard of a class, with the student's key. */
async function send(endpoint: Endpoint, { path, body, type = JSON_TYPE }: Request, signal?: AbortSignal) {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': type }
  const init = { method: endpoint.method, headers, ...(signal ? { signal } : {}) }
  const opens = endpoint.method === 'POST' && endpoint.path === '/api/class'
  if (opens) onTestFinished(async () => void (await fetch(url('/api/class'), { method: 'DELETE' })))
  if (!isOfClass(endpoint) || opens) return fetch(url(path), { ...init, ...(body === undefined ? {} : { body }) })
  const { open, student, client } = await (classroom ??= openClassroom())
  const own = path.replace(OWN, String(endpoint.path.includes('/students') ? student.id : client.id))
  const byStudent = endpoint.path.includes('/me')
  if (byStudent) headers['authorization'] = `Bearer ${student.key}`
  const base = byStudent ? `http://127.0.0.1:${open.opened.port}${own}` : url(own)
  return fetch(base, { ...init, ...(body === undefined ? {} : { body: body.replace('ABC-DEF', open.opened.code) }) })
}

/** Sends the request and compares the answer with the document. */
async function ask(endpoint: Endpoint, { path, body, type = JSON_TYPE }: Request): Promise<Asked> {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const response = await send(endpoint, { path, body, type }, abort.signal)
  const { status } = response
  const given = response.headers.get('content-type')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const json = given?.startsWith(JSON_TYPE) === true
  const answer: unknown = json ? await response.json() : null
  // Streams never end.
  if (!json) abort.abort()
  contract.check(endpoint, status, given, answer, `${endpoint.method} ${path} ${body?.slice(0, 100) ?? ''}`)
  return { status, code: (answer as { code?: string } | null)?.code }
}

/** Query values that the schema does not allow. */
function wrongTexts({ type, enum: values, maxLength }: Schema): string[] {
  if (values !== undefined) return ['', 'constructor', 'IN', '0', `${String(values[0])} `]
  if (type === 'integer') return ['x', '-1', '1.5', '1e400', '9'.repeat(30), 'NaN']
  if (type === 'boolean') return ['perhaps', '2', 'TRUE', 'null']
  // Text of any kind, up to a length.
  if (maxLength !== undefined) return ['x'.repeat(maxLength + 1)]
  return ['', '\0', 'x'.repeat(1_000)]
}

/** The example with one error: a field of a wrong type, missing or unknown; also values that are not objects. */
function wrongBodies(endpoint: Endpoint): unknown[] {
  const { schema, example } = bodyOf(endpoint) ?? {}
  const right = example as Record<string, unknown>
  const fields = Object.keys(schema?.properties ?? {})
  const wrong = fields.flatMap((field) =>
    wrongValues(schema?.properties?.[field] ?? {}).map((value) => ({ ...right, [field]: value })),
  )
  const missing = (schema?.required ?? []).map((field) => {
    return Object.fromEntries(Object.entries(right).filter(([key]) => key !== field))
  })
  return [...wrong, ...missing, { ...right, surplus: 1 }, [], [right], null, 'x', 1, true]
}

function wrongValues({ type, enum: values, anyOf }: Schema): unknown[] {
  if (anyOf !== undefined) {
    const [first = [], ...others] = anyOf.map(wrongValues)
    return first.filter((value) => others.every((wrong) => wrong.includes(value)))
  }
  const all = [null, 1, -1, 1e308, 'constructor', '', true, 'true', [], ['x'], { a: 1 }]
  if (values !== undefined) return all.filter((value) => !values.includes(value))
  return all.filter((value) => {
    if (type === 'string') return typeof value !== 'string'
    if (type === 'null') return value !== null
    if (type === 'integer') return value !== 1
    if (type === 'boolean') return typeof value !== 'boolean'
    // An empty list is valid.
    if (type === 'array') return !(Array.isArray(value) && value.length === 0)
    return true
  })
}
