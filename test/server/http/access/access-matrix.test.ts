import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Right } from '../../../../server/http/access/tokens.ts'
import type { OpenedClass, StudentKey } from '../../../../shared/class.ts'
import { sharedServer } from '../../../support/app.ts'
import { asWith } from '../../../support/class.ts'
import { joinTokenOf } from '../../../support/join.ts'
import { describedApi, type Endpoint } from '../../../support/openapi.ts'

// Host x Origin x token x read-only x request, sent as raw bytes: fetch would correct or refuse most of them.

const { endpoints } = await describedApi()

const TOKEN = 'correct/horse+battery=staple'

/** `PORT` stands for the dashboard's port. */
const HOSTS: [lines: string[], allowed: boolean][] = [
  [['Host: localhost:PORT'], true],
  [['Host: LOCALHOST:PORT'], true],
  [['Host: localhost.'], true],
  [['Host: 127.0.0.1:PORT'], true],
  [['Host: [::1]:PORT'], true],
  [['Host: 2130706433'], true],
  [['Host: 0x7f.1'], true],
  [['Host: lab.example:PORT'], true],
  [['Host: evil.example:PORT'], false],
  [['Host: localhost.evil.example'], false],
  [['Host: 127.0.0.1.evil.example:PORT'], false],
  [['Host: 0.0.0.0:PORT'], false],
  [['Host: 169.254.169.254'], false],
  [['Host: 3232235777'], false],
  [['Host: [::ffff:192.168.1.1]'], false],
  [['Host: user@localhost'], false],
  [['Host:'], false],
  [['Host: localhost:PORT', 'Host: evil.example'], false],
]

/** `HOST` stands for the value of the Host header. */
const ORIGINS: [value: string | null, own: boolean][] = [
  [null, true],
  ['http://HOST', true],
  ['HTTP://HOST', true],
  ['https://HOST', true],
  ['http://evil.example', false],
  ['http://evil.example:PORT', false],
  ['http://HOST.evil.example', false],
  ['http://HOST@evil.example', false],
  ['http://localhost:1', false],
  ['null', false],
  ['', false],
]

/** `JOIN` stands for the token of the class link, `SECRET` for that of a class that is open, `STUDENT` for a student's key. */
const TOKENS: [line: string | null, right: Right | null][] = [
  [null, null],
  [`Authorization: Bearer ${TOKEN}`, 'full'],
  [`AUTHORIZATION: bearer ${TOKEN}`, 'full'],
  ['Authorization: Bearer JOIN', 'join'],
  ['Authorization: Bearer SECRET', 'join'],
  ['Authorization: Bearer STUDENT', 'student'],
  ['Authorization: Bearer STUDENTx', null],
  ['Authorization: Bearer xJOIN', null],
  ['Authorization: Bearer JOINx', null],
  ['Authorization: Bearer wrong', null],
  [`Authorization: Bearer ${TOKEN.slice(0, -1)}`, null],
  [`Authorization: Bearer ${TOKEN}x`, null],
  [`Authorization: Bearer ${TOKEN.toUpperCase()}`, null],
  [`Authorization: Basic ${TOKEN}`, null],
  [`Cookie: token=${TOKEN}`, null],
]

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

interface Wanted {
  request: string
  lines: string[]
  /** The Origin is checked; a token is needed, and may be in the query; view-only access is not enough, or only a student's is. */
  origin: boolean
  guarded: boolean
  inQuery: boolean
  writes: boolean
  role?: 'join' | 'student'
  good: number
}

const reads = { lines: [], origin: false, guarded: true, inQuery: false, writes: false, good: 200 }
const writes = { ...reads, origin: true, writes: true }
const WANTED: Wanted[] = [
  { ...reads, request: 'GET /healthz', guarded: false },
  { ...reads, request: 'GET /favicon.svg', guarded: false },
  { ...reads, request: 'GET /api/listener' },
  { ...writes, request: 'POST /api/listener/resume' },
  { ...writes, request: 'DELETE /api/clients/999999', good: 404 },
  { ...writes, request: 'POST /api/class/me', role: 'student', good: 400 },
  { ...writes, request: 'POST /api/class/students', role: 'join', good: 400 },
  { ...reads, request: 'GET /metrics' },
  { ...reads, request: 'GET /ws', lines: UPGRADE, origin: true, inQuery: true, good: 101 },
]

for (const [title, options] of [
  ['without a token', { token: null, readOnly: false }],
  ['with a token', { token: TOKEN, readOnly: false }],
  ['read-only', { token: null, readOnly: true }],
  ['read-only with a token', { token: TOKEN, readOnly: true }],
] as const) {
  describe(title, () => {
    const server = sharedServer({ ...options, allowHosts: ['lab.example'] })

    // A class can be opened in one of these cases only.
    const classes = options.token !== null && !options.readOnly
    const some = WANTED.filter(({ role }) => classes || role === undefined)
    test.for(some.map((wanted) => [wanted.request, wanted] as const))('%s', async ([, wanted]) => {
      const join = options.token === null ? 'none' : await joinTokenOf(server(), options.token)
      const { secret, student } = await classOf(server().uiPort, options)
      const wrong: string[] = []
      for (const [[hostLines, allowed], [originValue, own], [tokenLine, right]] of combinations()) {
        const lines = wire(
          server().uiPort,
          hostLines,
          originValue,
          tokenLine?.replace('JOIN', join).replace('SECRET', secret).replace('STUDENT', student) ?? null,
        )
        const isClass = / (SECRET|STUDENT)$/.test(tokenLine ?? '')
        const known = options.readOnly && isClass ? null : right
        const expected = verdict(
          wanted,
          { hostAllowed: allowed, own, readOnly: options.readOnly, isClass },
          options.token === null ? 'full' : known,
        )
        const answer = await ask(server().uiPort, `${wanted.request} HTTP/1.1`, [...lines, ...wanted.lines])
        if (answer !== expected) wrong.push(`${lines.join(', ')}: ${answer} instead of ${expected}`)
      }
      expect(wrong).toEqual([])
    })
  })
}

describe('every endpoint', () => {
  const locked = sharedServer({ token: TOKEN })
  const readOnly = sharedServer({ readOnly: true })
  const asked = ({ method, path }: Endpoint) => `${method} ${path.replace('{id}', '1')} HTTP/1.1`
  const lines = (host: string) => [`Host: ${host}`]

  test.for(endpoints.map((endpoint) => [asked(endpoint), endpoint] as const))('%s', async ([request, endpoint]) => {
    expect(await ask(locked().uiPort, request, lines('evil.example'))).toBe('403 HOST_NOT_ALLOWED')
    const { path } = endpoint
    const open = { '/healthz': '200', '/api/class/token': '400 INVALID' }[path]
    expect(await ask(locked().uiPort, request, lines('localhost'))).toBe(open ?? '401 TOKEN_REQUIRED')
    const write = !['GET', 'OPTIONS'].includes(endpoint.method)
    const join = await joinTokenOf(locked(), TOKEN)
    const answer = await ask(readOnly().uiPort, request, lines('localhost'))
    const students = path.startsWith('/api/class/me')
    expect(answer === '403 STUDENTS_ONLY').toBe(students)
    expect(answer === '403 READ_ONLY').toBe(write && !students && path !== '/api/class/token')
    const joined = await ask(locked().uiPort, request, [...lines('localhost'), `Authorization: Bearer ${join}`])
    expect(joined === '403 STUDENTS_ONLY').toBe(students)
    const byLink = students || path === '/api/class/token'
    expect(joined === '403 READ_ONLY').toBe(write && !byLink)
    const teachers = path === '/api/join' || (path === '/api/class' && endpoint.method === 'GET')
    expect(joined === '403 FULL_TOKEN_REQUIRED').toBe(teachers)
    expect(joined).not.toMatch(/^401/)
    if (endpoint.method === 'GET') return
    const foreign = [...lines('localhost'), 'Origin: http://evil.example']
    expect(await ask(readOnly().uiPort, request, foreign)).toBe('403 ORIGIN_NOT_ALLOWED')
  })
})

describe('a token in the query', () => {
  const server = sharedServer({ token: TOKEN })
  const right = encodeURIComponent(TOKEN)
  const localhost = ['Host: localhost']
  const events: string[] = []

  test.for([
    ['GET', '/ws', `token=${right}`, UPGRADE, '101'],
    ['GET', '/ws', 'token=JOIN', UPGRADE, '101'],
    ['GET', '/ws', `x=1&token=${right}`, UPGRADE, '400 INVALID'],
    ['GET', '/ws', 'token=wrong', UPGRADE, '401 TOKEN_REQUIRED'],
    ['GET', '/ws', 'token=', UPGRADE, '401 TOKEN_REQUIRED'],
    ['GET', '/ws', `token=${right}&token=${right}`, UPGRADE, '401 TOKEN_REQUIRED'],
    ['GET', '/ws', `Token=${right}`, UPGRADE, '401 TOKEN_REQUIRED'],
    ['GET', '/ws', `token=${encodeURIComponent(right)}`, UPGRADE, '401 TOKEN_REQUIRED'],
    ['GET', '/api/events', `token=${right}`, events, '200'],
    ['GET', '/api/events', 'token=JOIN', events, '200'],
    ['GET', '/api/join', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['GET', '/api/events', 'token=wrong', events, '401 TOKEN_REQUIRED'],
    ['GET', '/api/listener', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['GET', '/api/connections', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['GET', '/metrics', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['GET', '/api/docs', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['GET', '/api/connections/1/payload', `token=${right}`, events, '401 TOKEN_REQUIRED'],
    ['POST', '/api/listener/resume', `token=${right}`, events, '401 TOKEN_REQUIRED'],
  ] as const)('%s %s?%s', async ([method, path, query, lines, expected]) => {
    const given = query.replace('JOIN', await joinTokenOf(server(), TOKEN))
    const answer = await ask(server().uiPort, `${method} ${path}?${given} HTTP/1.1`, [...localhost, ...lines])
    expect(answer).toBe(expected)
  })
})

describe('a target with a host of its own', () => {
  const server = sharedServer({ token: null })

  test.for([
    ['http://localhost', 'Host: evil.example', 'Origin: http://localhost', '200'],
    ['http://localhost', 'Host: evil.example', 'Origin: http://evil.example', '403 ORIGIN_NOT_ALLOWED'],
    ['http://evil.example', 'Host: localhost', 'Origin: http://localhost', '403 HOST_NOT_ALLOWED'],
  ] as const)('%s, %s, %s', async ([target, host, origin, expected]) => {
    const request = `POST ${target}/api/listener/resume HTTP/1.1`
    expect(await ask(server().uiPort, request, [host, origin])).toBe(expected)
  })
})

test.for([
  ['HTTP/1.1 without a Host', 'HTTP/1.1', '400'],
  ['HTTP/1.0 without a Host', 'HTTP/1.0', '403 HOST_NOT_ALLOWED'],
] as const)('%s is refused', async ([, version, expected]) => {
  expect(await ask(plain().uiPort, `GET /api/listener ${version}`, [])).toBe(expected)
})
const plain = sharedServer()

/**
 * Each Host with a few Origins; each allowed Host with each Origin and a few tokens; the page's own Origins with each token, at
 * one Host, because all that are allowed lead to the same check of the token.
 */
function* combinations() {
  for (const host of HOSTS) {
    for (const origin of host[1] ? ORIGINS : ORIGINS.slice(1, 5)) {
      for (const token of host === HOSTS[0] && origin[1] ? TOKENS : TOKENS.slice(0, 2))
        yield [host, origin, token] as const
    }
  }
}

/** The expected answer: host, origin, token and right, checked in this order. */
function verdict(
  wanted: Wanted,
  { hostAllowed, own, readOnly, isClass }: { hostAllowed: boolean; own: boolean; readOnly: boolean; isClass: boolean },
  right: Right | null,
): string {
  if (!hostAllowed) return '403 HOST_NOT_ALLOWED'
  if (wanted.origin && !own) return '403 ORIGIN_NOT_ALLOWED'
  if (wanted.guarded && right === null) return '401 TOKEN_REQUIRED'
  if (wanted.role === 'student' && right !== 'student') return '403 STUDENTS_ONLY'
  const views = right !== 'full' && (wanted.role === undefined || !isClass)
  if (wanted.writes && (readOnly || views)) return '403 READ_ONLY'
  if (wanted.good === 404) return '404 CLIENT_NOT_FOUND'
  return wanted.good === 400 ? '400 INVALID' : String(wanted.good)
}

/** The secret of a class and the key of a student; of none where no class can be opened. */
async function classOf(uiPort: number, { token, readOnly }: { token: string | null; readOnly: boolean }) {
  if (readOnly || token === null) return { secret: 'none', student: 'none' }
  const opened = await asWith<OpenedClass>(token, uiPort, 'POST /api/class', { address: '127.0.0.1' })
  const { secret } = opened.body
  onTestFinished(async () => {
    await asWith(token, uiPort, 'DELETE /api/class')
  })
  const { body } = await asWith<StudentKey>(secret, uiPort, 'POST /api/class/students', { name: 'Ada' })
  return { secret, student: body.key }
}

function wire(port: number, hostLines: string[], origin: string | null, token: string | null): string[] {
  const hosts = hostLines.map((line) => line.replace('PORT', String(port)))
  const host = hosts[0]?.replace(/^Host: ?/, '') ?? ''
  return [
    ...hosts,
    ...(origin === null ? [] : [`Origin: ${origin.replace('HOST', host).replace('PORT', String(port))}`]),
    ...(token === null ? [] : [token]),
  ]
}

let asked = 0

/** Wrong tokens are slowed for each address, so each request has an address of its own. */
function nextAddress(): string {
  asked++
  return `127.1.${(asked >> 8) % 256}.${asked % 256}`
}

/**
 * The status and the error code. The client resets its connection: otherwise thousands of sockets would stay in TIME_WAIT for a
 * minute.
 */
function ask(port: number, request: string, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: nextAddress() })
    let text = ''
    const done = (): void => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'nothing'
      const code = /"code":"(\w+)"/.exec(text)?.[1]
      resolve(code === undefined ? status : `${status} ${code}`)
      socket.resetAndDestroy()
    }
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (isWhole(text)) done()
    })
    socket.on('end', done)
    socket.on('error', reject)
    socket.write([request, ...lines, '', ''].join('\r\n'))
  })
}

/** True once the body is complete, where there is one: a WebSocket or the events never end. */
function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n')
  if (body === undefined) return false
  const length = /\ncontent-length: (\d+)/i.exec(head)?.[1]
  return length === undefined ? /^HTTP\/1\.1 (101|204) |x-ndjson/.test(head) : body.length >= Number(length)
}
