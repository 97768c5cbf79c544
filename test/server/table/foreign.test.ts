import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { descriptor } from '../../../server/listener/handle.ts'
import { loadLibc } from '../../../server/libc.ts'
import { Client } from '../../support/clients.ts'
import { ForeignPort } from '../../support/foreign.ts'
import { freePort, Proxy } from '../../support/proxy.ts'
import { findProgram, isMissing, titleWith } from '../../tools.ts'

// Servers that we did not write are judged by the kernel's account alone. The client knows how it really was.

/** One way in which a connection with a server ends. */
interface Kind {
  title: string
  truth: string | string[]
  /** Not beside other kinds: a counter of the whole system is read before and after. */
  apart?: true
  /** Acts as the client. Resolves when the connection has ended on both sides. */
  act(client: Client): Promise<unknown>
}

const GET = (path: string, close = false) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${close ? 'Connection: close\r\n' : ''}\r\n`
const BODY = Buffer.alloc(5_000, 'x')

async function answered(client: Client): Promise<void> {
  client.read().socket.write(GET('/'))
  await client.bytes(100)
}

const SERVER_FIRST: Kind = {
  title: 'the server closes first',
  truth: 'server fin',
  async act(client) {
    client.read().socket.write(GET('/', true))
    expect(await client.ended).toBe('fin')
    client.socket.end()
  },
}

const NGINX: Kind[] = [
  {
    title: 'the client closes first',
    truth: 'peer fin',
    async act(client) {
      await answered(client)
      client.socket.end()
      expect(await client.ended).toBe('fin')
    },
  },
  SERVER_FIRST,
  {
    title: 'the client resets',
    truth: 'peer reset, RST by peer',
    async act(client) {
      await answered(client)
      client.socket.resetAndDestroy()
    },
  },
  {
    title: 'the client resets, and the server has unread bytes',
    truth: 'peer reset, RST by peer',
    apart: true,
    async act(client) {
      // nginx reads the first kilobyte, and then waits for the server behind it.
      await new Promise((resolve) => client.socket.write(Buffer.concat([Buffer.from(GET('/waits')), BODY]), resolve))
      client.socket.resetAndDestroy()
    },
  },
  {
    title: 'the client closes while the server sends',
    // If it has read what has come so far, it sends FIN first.
    truth: ['peer reset, RST by peer', 'peer fin, RST by peer'],
    apart: true,
    async act(client) {
      client.socket.write(GET('/large'))
      await once(client.socket, 'readable')
      client.socket.destroy()
    },
  },
  {
    title: 'the server closes with unread bytes',
    truth: 'server reset, RST by server',
    apart: true,
    async act(client) {
      // nginx reads the first kilobyte.
      client.read().socket.write(Buffer.concat([Buffer.from(GET('/', true)), BODY]))
      await client.ended
    },
  },
  {
    title: 'the server resets',
    truth: 'server reset, RST by server',
    async act(client) {
      client.read().socket.write(GET('/444'))
      expect(await client.ended).toBe('ECONNRESET')
    },
  },
  {
    title: 'the server resets after a timeout',
    truth: 'server reset, RST by server',
    async act(client) {
      client.read().socket.write('GET / HTT')
      expect(await client.ended).toBe('ECONNRESET')
    },
  },
]

const VANISHED: Kind = {
  title: 'the client has vanished',
  truth: 'system timeout',
  async act(client) {
    await answered(client)
    await unplug(client)
  },
}

/** From now on the client's socket gets nothing (SO_ATTACH_FILTER with the program `ret 0`). */
async function unplug({ socket }: Client): Promise<void> {
  const libc = await loadLibc()
  expect(libc?.attachFilter(descriptor(socket), Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]))).toBe(0)
}

const PYTHON: Kind[] = [
  {
    title: 'the client closes first',
    truth: 'peer fin',
    async act(client) {
      client.read().socket.end()
      expect(await client.ended).toBe('fin')
    },
  },
  SERVER_FIRST,
  {
    title: 'the client resets',
    truth: 'peer reset, RST by peer',
    async act(client) {
      client.socket.resetAndDestroy()
    },
  },
]

/** Plays all kinds, each `count` times, and compares. */
async function judgeAll(port: number, kinds: Kind[], count: number): Promise<void> {
  const libc = await loadLibc()
  if (libc === null) throw new Error('no koffi')
  const foreign = new ForeignPort(libc, port)
  onTestFinished(() => foreign.close())
  const rounds = [
    kinds.filter(({ apart }) => apart !== true),
    ...kinds.filter(({ apart }) => apart).map((kind) => [kind]),
  ]
  const tally: Record<string, Record<string, number>> = {}
  for (let done = 0; done < count; done += AT_ONCE) {
    for (const round of rounds) {
      const ends = round.flatMap((kind) => Array.from({ length: AT_ONCE }, () => kind))
      for (const { kind, said } of await judgeSome(foreign, port, ends)) {
        const counts = (tally[kind.title] ??= {})
        counts[said] = (counts[said] ?? 0) + 1
      }
    }
  }
  if (count > 20) process.stdout.write(`${JSON.stringify(tally, null, 1)}\n`)
  const wrong = kinds.flatMap((kind) =>
    Object.entries(tally[kind.title] ?? {})
      .filter(([said]) => !isRight(kind, said))
      .map(([said, times]) => ({ title: kind.title, said, times, counted: kind.apart === true })),
  )
  expect(wrong.filter(({ said }) => !said.endsWith(UNCERTAIN))).toEqual([])
  // Other tests move the counter too. Then it proves nothing, and the verdict says that two endings are possible.
  const failures = wrong.filter(({ counted }) => QUIET || !counted)
  const sum = failures.reduce((total, { times }) => total + times, 0)
  expect(sum, JSON.stringify(failures)).toBeLessThanOrEqual((count * kinds.length) / 100)
}

const UNCERTAIN = ' (one of two)'

function isRight({ truth }: Kind, said: string): boolean {
  return [truth].flat().includes(said.replace(UNCERTAIN, ''))
}

interface Judged {
  kind: Kind
  said: string
}

async function judgeSome(foreign: ForeignPort, port: number, ends: Kind[]): Promise<Judged[]> {
  const lives: { kind: Kind; client: Client }[] = []
  // One after the other: Python's accept queue holds five.
  for (const kind of ends) {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    await once(socket, 'connect')
    lives.push({ kind, client: new Client(socket) })
  }
  foreign.sample()
  const timer = setInterval(() => foreign.sample(), 100)
  try {
    await Promise.all(lives.map(async ({ kind, client }) => kind.act(client)))
    await expect.poll(() => foreign.ended).toBeGreaterThanOrEqual(lives.length)
  } finally {
    clearInterval(timer)
  }
  const verdicts = foreign.verdicts()
  return lives.map(({ kind, client }) => {
    client.socket.destroy()
    const verdict = verdicts.get(client.local.port)
    if (verdict === undefined) return { kind, said: 'nothing' }
    const { by, how, reset, certain } = verdict
    return { kind, said: `${by} ${how}${reset === null ? '' : `, RST by ${reset}`}${certain ? '' : UNCERTAIN}` }
  })
}

/** A run with ENDINGS should be alone in a network namespace: `unshare -n`. */
const QUIET = process.env['ENDINGS'] !== undefined
const COUNT = Number(process.env['ENDINGS'] ?? 20)
/** Of each kind. */
const AT_ONCE = 20
const LINUX = process.platform === 'linux'

const nginx = findProgram('nginx')
describe.skipIf(!LINUX || isMissing(nginx))(
  titleWith('the kernel alone tells how a connection with nginx ended', nginx),
  () => {
    test('of every kind', { timeout: 60_000 + COUNT * 1_000 }, async () => {
      const port = await freePort()
      const behind = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
      onTestFinished(() => void behind.close())
      await once(behind, 'listening')
      const proxy = await Proxy.inNewFolder()
      await writeFile(join(proxy.folder, 'large'), Buffer.alloc(20_000_000))
      await writeFile(join(proxy.folder, 'index.html'), 'x'.repeat(100))
      await proxy.nginx(
        nginx.path ?? '',
        `access_log off;
       server {
         listen 127.0.0.1:${port} so_keepalive=1s:1s:1;
         root ${proxy.folder};
         lingering_close off;
         reset_timedout_connection on;
         client_header_timeout 1s;
         location /444 { return 444; }
         location /waits { proxy_pass http://127.0.0.1:${(behind.address() as AddressInfo).port}; }
       }`,
        port,
      )
      await judgeAll(port, [...NGINX, VANISHED], COUNT)
    })
  },
)

const python = findProgram('python3')
describe.skipIf(!LINUX || isMissing(python))(
  titleWith('the kernel alone tells how a connection with Python’s http.server ended', python),
  () => {
    test('of every kind', { timeout: 60_000 + COUNT * 1_000 }, async () => {
      const port = await freePort()
      const proxy = await Proxy.inNewFolder()
      const child = spawn(
        python.path ?? '',
        ['-m', 'http.server', '-b', '127.0.0.1', '-d', proxy.folder, String(port)],
        {
          stdio: 'ignore',
        },
      )
      onTestFinished(() => void child.kill())
      const listens = () =>
        new Promise<boolean>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)))
          socket.on('error', () => resolve(false))
        })
      await expect.poll(listens).toBe(true)
      await judgeAll(port, PYTHON, COUNT)
    })
  },
)
