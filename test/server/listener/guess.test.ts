import fc from 'fast-check'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { guess, GUESS_BYTES } from '../../../server/listener/guess.ts'
import { cpuMs } from '../../support/cpu-time.ts'
import { startListener } from '../../support/listener.ts'

/** A ClientHello record (RFC 8446), with a server name if one is given. */
function clientHello(serverName: string | null, sessionId = 32, padding = 0): Buffer {
  const uint16 = (value: number): number[] => [value >> 8, value & 255]
  const extension = (type: number, body: number[]): number[] => [...uint16(type), ...uint16(body.length), ...body]
  const name = [...Buffer.from(serverName ?? '')]
  const entry = [0, ...uint16(name.length), ...name]
  const extensions = [
    ...extension(21, Array<number>(padding).fill(0)),
    ...(serverName === null ? [] : extension(0, [...uint16(entry.length), ...entry])),
    ...extension(43, [2, 3, 4]),
  ]
  const body = [
    ...[3, 3, ...Array<number>(32).fill(7), sessionId, ...Array<number>(sessionId).fill(9)],
    ...[...uint16(4), 0x13, 1, 0x13, 2, 1, 0, ...uint16(extensions.length), ...extensions],
  ]
  const handshake = [1, 0, ...uint16(body.length), ...body]
  return Buffer.from([0x16, 3, 1, ...uint16(handshake.length), ...handshake])
}

const startup = (code: number, length = 8): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(length, 0)
  bytes.writeUInt32BE(code, 4)
  return bytes
}

const KNOWN: [what: string, bytes: string | Buffer, name: string, serverName?: string][] = [
  ['a request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP'],
  ['a request of HTTP/1.0 typed by hand', 'HEAD /x?y HTTP/1.0\n\n', 'HTTP'],
  ['a request of a method of its own', 'PROPFIND /dav/ HTTP/1.1\r\n\r\n', 'HTTP'],
  ['a request to a proxy', 'CONNECT example.com:443 HTTP/1.1\r\n\r\n', 'HTTP'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP'],
  ['a ClientHello', clientHello(null), 'TLS'],
  ['a ClientHello for a name', clientHello('example.com'), 'TLS', 'example.com'],
  ['a ClientHello without a session id', clientHello('a-b_c.example', 0), 'TLS', 'a-b_c.example'],
  ['a ClientHello with much before the name', clientHello('far.example', 32, 1_800), 'TLS', 'far.example'],
  ['an SSH client', 'SSH-2.0-OpenSSH_9.6\r\n', 'SSH'],
  ['a Redis command', '*1\r\n$4\r\nPING\r\n', 'Redis'],
  ['a Redis command of many parts', '*12\r\n$3\r\nDEL\r\n', 'Redis'],
  ['a PING typed by hand', 'PING\r\n', 'Redis'],
  ['the same in small letters', 'ping\n', 'Redis'],
  ['StartupMessage', startup(196_608, 41), 'PostgreSQL'],
  ['StartupMessage 3.2', startup(196_610, 41), 'PostgreSQL'],
  ['SSLRequest', startup(80_877_103), 'PostgreSQL'],
  ['GSSENCRequest', startup(80_877_104), 'PostgreSQL'],
  ['CancelRequest', startup(80_877_102, 16), 'PostgreSQL'],
]

test.for(KNOWN)(
  '%s is known, at the latest by its last byte, and never for anything else before',
  ([, given, name, serverName]) => {
    const bytes = Buffer.from(given)
    expect(guess(bytes)).toEqual({ protocol: { name, serverName: serverName ?? null }, more: false })
    for (let length = 1; length < bytes.length; length++) {
      const early = guess(bytes.subarray(0, length))
      const final = { protocol: { name, serverName: serverName ?? null }, more: false }
      const unnamed = { protocol: { name, serverName: null }, more: true }
      const headless = { protocol: { ...unnamed.protocol, unfinished: true }, more: true }
      expect([final, unnamed, headless, { protocol: null, more: true }], `after ${length} bytes`).toContainEqual(early)
    }
  },
)

test.for([
  ['a word', 'hello\n', false],
  ['a word in capitals that could begin a request', 'HELLO', true],
  ['a mail server’s client', 'EHLO example.com\r\n', false],
  ['a request without a version', 'GET /\r\n', false],
  ['a chat’s PING', 'PING :server\r\n', false],
  ['a bullet', '* one\n', false],
  ['a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 1, 0]), false],
  ['a ServerHello', Buffer.from([0x16, 3, 3, 0, 80, 2, 0, 0, 76]), false],
  ['zeros', Buffer.alloc(64), false],
  ['PostgreSQL’s code after an impossible length', startup(196_608, 100_000), false],
  ['0xff', Buffer.alloc(64, 255), false],
] as const)('%s is nothing known', ([, bytes, more]) => {
  expect(guess(Buffer.from(bytes as string))).toEqual({ protocol: null, more })
})

test.for([
  ['markup', '<b>x</b>.example'],
  ['a right-to-left override', '\u202egpj.example'],
  ['a line break', 'a\r\nb'],
  ['a quote', 'a"b'],
  ['nothing', ''],
  ['254 characters', 'a'.repeat(254)],
] as const)('for a server name with %s only the protocol is reported', ([, name]) => {
  expect(guess(clientHello(name))).toEqual({ protocol: { name: 'TLS', serverName: null }, more: false })
})

test('whatever bytes come it never throws, and what it names is clean', () => {
  const hello = clientHello('example.com')
  const broken = fc
    .tuple(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(hello.length))
    .map(([changes, length]) => {
      const bytes = Buffer.from(hello)
      for (const [at, value] of changes) bytes[at] = value
      return bytes.subarray(0, length)
    })
  const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
  const text = fc.string({ unit: 'binary' }).map((string) => Buffer.from(string))
  fc.assert(
    fc.property(fc.oneof(broken, any, text), (bytes) => {
      const { protocol } = guess(bytes)
      if (protocol?.serverName != null) expect(protocol.serverName).toMatch(/^[A-Za-z0-9._-]{1,253}$/)
    }),
    { numRuns: 5_000 },
  )
})

test('the head of a request is unfinished until its empty line, and not looked for after 4 KiB', () => {
  const unfinished = (text: string) => guess(Buffer.from(text)).protocol?.unfinished
  expect(unfinished('GET / HTTP/1.1\r\nHost: x\r\n')).toBe(true)
  expect(unfinished('GET / HTTP/1.1\r\nHost: x\r\n\r')).toBe(true)
  expect(unfinished('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toBeUndefined()
  expect(unfinished('GET / HTTP/1.1\nHost: x\n\nbody')).toBeUndefined()
  expect(unfinished(`GET / HTTP/1.1\r\nX: ${'x'.repeat(GUESS_BYTES)}`)).toBeUndefined()
  expect(unfinished('hello\r\n')).toBeUndefined()
})

test('a long line of capitals takes no longer than its length', () => {
  const lines = ['A', 'GET ', '/ HTTP', '\r', '*1'].map((filler) => Buffer.alloc(GUESS_BYTES, filler))
  expect(cpuMs(() => lines.forEach((line) => guess(line)))).toBeLessThan(200)
})

test('a real TLS client’s name is in the record, though it came byte by byte', async () => {
  const listener = await startListener({ behavior: 'silent' })
  const direct = connectTls({ host: '127.0.0.1', port: listener.port, servername: 'real.example' })
  direct.on('error', () => {})
  const record = await listener.record(({ protocol }) => protocol?.serverName)
  expect(record.protocol).toEqual({ name: 'TLS', serverName: 'real.example' })
  direct.destroy()

  const { client, id } = await listener.client()
  client.socket.setNoDelay(true)
  const hello = clientHello('slow.example')
  for (let i = 0; i < hello.length; i++) {
    client.socket.write(hello.subarray(i, i + 1))
    if (i < 20) await listener.recordOf(id, ({ bytesIn }) => bytesIn === i + 1)
  }
  await listener.recordOf(id, ({ protocol }) => protocol?.serverName === 'slow.example')
})

test('is made from several chunks also where nothing is captured', async () => {
  const listener = await startListener({ captureBytes: 0, behavior: 'silent' })
  const { client, id } = await listener.client()
  client.socket.write('GE')
  await listener.recordOf(id, ({ bytesIn }) => bytesIn === 2)
  client.socket.write('T / HTTP/1.1\r\n')
  const http = { name: 'HTTP', serverName: null }
  expect((await listener.recordOf(id, ({ bytesIn }) => bytesIn === 16)).protocol).toEqual({ ...http, unfinished: true })
  client.socket.write('\r\n')
  expect((await listener.recordOf(id, ({ bytesIn }) => bytesIn === 18)).protocol).toEqual(http)
})
