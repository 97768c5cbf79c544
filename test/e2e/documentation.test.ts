import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../shared/connection.ts'
import type { Change, ServerFrame } from '../../shared/stream.ts'
import { getJson, sharedServer } from '../support/app.ts'
import { openClass } from '../support/class.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { readCurl } from '../support/curl.ts'
import { readPage } from '../support/docs.ts'
import { openFeed } from '../support/feed.ts'
import { codeBlocks } from '../support/markdown.ts'
import { documentedCommands } from '../support/shell.ts'

const server = sharedServer({ captureBytes: 1_000 })

const requests = documentedCommands().filter(({ page, program }) => page === 'docs/api.md' && program === 'curl')

/** Replaces the example's ids and addresses by those of this server. */
async function real(text: string): Promise<string> {
  const { port, uiPort } = server()
  let result = text
    .replace('localhost:3000', `localhost:${uiPort}`)
    .replace('local=127.0.0.1:8080', `local=127.0.0.1:${port}`)
  // Another test may use the same client port.
  result = result.replace('"127.0.0.2","port":50000', '"127.0.0.2","port":0')
  if (/connections\/3|\[3,4\]/.test(result)) {
    const [first, second] = [await newConnection(), await newConnection()]
    result = result.replace('connections/3', `connections/${first}`).replace('[3,4]', `[${first},${second}]`)
  }
  // So many are opened in a test of their own.
  result = result.replace('"count":66000', '"count":300')
  if (/class\/\w/.test(result)) result = result.replace('students/1', `students/${await openedClass()}`)
  if (result.includes('"0.0.0.0"')) result = result.replace('0.0.0.0', '127.0.0.1')
  if (result.includes('clients/1')) result = result.replace('clients/1', `clients/${await newClient()}`)
  return result
}

async function newConnection(): Promise<number> {
  const feed = await openFeed(server().uiPort)
  const { local } = await connectClient(server().port)
  const { id } = await feed.connection('of this client', ({ remote }) => remote.port === local.port)
  return id
}

/** A class with a student and a question. Ends after the test. @returns the student's number */
async function openedClass(): Promise<number> {
  const open = await openClass(server().uiPort)
  const { id } = await open.join('Ada')
  await open.teacher('POST /api/class/questions', { text: 'x', options: ['a', 'b'] })
  return id
}

async function newClient(): Promise<number> {
  const { body } = await getJson<{ id: number }>(server(), '/api/clients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return body.id
}

test('docs/api.md has a request for every endpoint group', () => {
  expect(requests.length).toBeGreaterThan(20)
})

test.each(requests)('works as docs/api.md shows it: $text', async ({ args }) => {
  const { method, url, body } = readCurl(await Promise.all(args.map(real)))
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  onTestFinished(async () => void (await fetch(new URL('/api/class', url), { method: 'DELETE' })))
  const headers: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' }
  const { status, ok } = await fetch(url, { method, body, headers, signal: stop.signal })
  expect({ status, ok }).toEqual({ status, ok: true })
})

/** The names of the fields. `resync` is left out, because a frame has it only when it is true. */
function fields(value: object): string[] {
  const named = Object.keys(value).filter((key) => key !== 'resync')
  return named.toSorted()
}

/** Names a frame or a change by its type or kind: `type hello`, `kind data`. */
function nameOf(value: { type?: unknown; kind?: unknown }): string {
  return value.type === undefined ? `kind ${String(value.kind)}` : `type ${String(value.type)}`
}

/** The fields of each frame and change in docs/protocol.md. */
const examples = new Map(
  codeBlocks(readPage('docs/protocol.md'), 'json').map((block) => {
    const example = JSON.parse(block) as object
    return [nameOf(example), fields(example)]
  }),
)

/** Frames of the reader itself, and changes that occur only at a limit, when a reader falls behind, when a client is sick, or after
 * a close that the kernel has not told of yet. */
const NOT_HERE = ['type follow', 'kind refused', 'kind skipped', 'kind evidence', 'kind problem']

test('every frame and change has the fields that docs/protocol.md shows', async () => {
  const { port, uiPort } = server()
  await connectInOrder(1, port)
  const feed = await openFeed(uiPort)
  const client = await connectClient(port)
  client.socket.write('hello')
  await openClass(uiPort)
  const { id } = await feed.connection(
    'with bytes',
    ({ remote, bytesIn }) => remote.port === client.local.port && bytesIn,
  )
  feed.socket.send('no JSON')
  feed.socket.send(JSON.stringify({ type: 'follow', id }))
  await act(`/api/connections/${id}/send`, { text: 'x' })
  await act('/api/listener/pause', undefined)
  await act('/api/listener/resume', undefined)
  // The accept frame may already include the kernel's first sample, so the test waits for a second TCP state.
  const sampledAs = (state: string) =>
    feed.connection(`in ${state}`, (c) => c.id === id && c.kernel?.tcpState === state && c.otherEnd)
  await sampledAs('ESTABLISHED')
  await act(`/api/connections/${id}/reading`, { paused: true })
  client.socket.end()
  await sampledAs('CLOSE_WAIT')
  await act(`/api/connections/${id}/reading`, { paused: false })
  await feed.closedOf(client.local.port)
  const expected = [...examples].filter(([name]) => !NOT_HERE.includes(name))
  // Some fields are left out where there is nothing to say.
  await feed.until('every field of every kind has come', () => {
    const seen = fieldsOf(feed.frames)
    return expected.every(([name, shown]) => shown.every((field) => seen.get(name)?.includes(field)))
  })
  for (const [name, seen] of fieldsOf(feed.frames)) expect({ name, seen }).toEqual({ name, seen: examples.get(name) })
})

/** The fields that some frame or change of each name has. */
function fieldsOf(frames: readonly ServerFrame[]): Map<string, string[]> {
  const changes: Change[] = frames.flatMap((frame) => (frame.type === 'changes' ? frame.changes : []))
  const byName = Map.groupBy([...frames, ...changes], nameOf)
  return new Map([...byName].map(([name, values]) => [name, fields(Object.assign({}, ...values) as object)]))
}

async function act(path: string, body: object | undefined): Promise<void> {
  const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const { status } = await getJson(server(), path, { method: 'POST', ...init })
  expect(status).toBe(200)
}

test('a connection has the fields that docs/api.md shows', async () => {
  const [example = ''] = codeBlocks(readPage('docs/api.md'), 'json')
  await connectInOrder(1, server().port)
  const { body } = await getJson<{ items: Connection[] }>(server(), '/api/connections?limit=1')
  expect(Object.keys(body.items[0] ?? {})).toEqual(Object.keys(JSON.parse(example) as object))
})
