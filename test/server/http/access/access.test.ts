import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'
import { openFeed, upgradeStatus } from '../../../support/feed.ts'
import { rawRequest } from '../../../support/requests.ts'

const status = async (port: number, host: string, more: string[] = [], request = 'GET /api/listener HTTP/1.1') =>
  (await rawRequest(port, [request, `Host: ${host}`, ...more])).status

describe('the Host header', () => {
  const server = sharedServer({ allowHosts: ['port.example', 'LAB.example', '10.1.2.3', '2001:DB8::0:7', 'пример.рф'] })

  test.for([
    'localhost',
    'localhost:PORT',
    'LocalHost:PORT',
    'localhost.:PORT',
    'localhost:1',
    '127.0.0.1:PORT',
    '127.0.0.1',
    '127.255.0.9',
    '[::1]:PORT',
    '[0:0:0:0:0:0:0:1]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '[::ffff:a01:203]',
    '2130706433',
    '0x7f000001:PORT',
    '127.1',
    'port.example',
    'PORT.example:PORT',
    'Lab.Example.:PORT',
    '10.1.2.3',
    '[2001:db8::7]:PORT',
    'xn--e1afmkfd.xn--p1ai',
  ])('%s is answered', async (host) => {
    const { uiPort } = server()
    expect(await status(uiPort, host.replace(/:PORT$/, `:${uiPort}`))).toBe(200)
  })

  test.for([
    'evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'localhost@evil.example',
    'evil.example#localhost',
    'evil.example/localhost',
    'evil.example?localhost',
    'evil.example\\localhost',
    '127.0.0.1.nip.example',
    '10.0.0.1',
    '[::ffff:10.0.0.1]',
    '0.0.0.0',
    '[::]',
    '[::2]',
    '[fe80::1%25lo]',
    'localhost%25lo',
    'localhost evil.example',
    '',
    ':80',
    '[::1',
    'localhost:99999',
    'xn--',
  ])('%j is refused', async (host) => {
    const { uiPort } = server()
    const answer = await rawRequest(uiPort, ['GET /api/listener HTTP/1.1', `Host: ${host}`])
    const code = /"code":"(\w+)"/.exec(answer.text)?.[1]
    expect(['400 undefined', '400 MALFORMED', '403 HOST_NOT_ALLOWED']).toContain(`${answer.status} ${code}`)
  })

  test('is asked for on every path, the page and the health check too', async () => {
    const { uiPort } = server()
    for (const path of ['/', '/healthz', '/api/events', '/api/connections', '/nothing']) {
      expect(await status(uiPort, 'evil.example', [], `GET ${path} HTTP/1.1`), path).toBe(403)
    }
    expect(await upgradeStatus(uiPort, { host: 'evil.example' })).toBe(403)
  })

  test('of the address that the request came in on is answered', async () => {
    const { uiPort } = await startServer({ uiHost: '0.0.0.0' })
    expect(await status(uiPort, '127.0.0.1')).toBe(200)
    expect(await status(uiPort, '0.0.0.0')).toBe(403)
  })
})

describe('the Origin header', () => {
  const server = sharedServer()
  const own = ['http://localhost:PORT', 'http://LOCALHOST:PORT', null]
  const others = [
    'http://localhost',
    'http://localhost:1',
    'http://127.0.0.1:PORT',
    'http://evil.example',
    'http://evil.example:PORT',
    'http://localhost.evil.example:PORT',
    'http://localhost:PORT@evil.example',
    'null',
    '',
    'file://',
    'chrome-extension://localhost:PORTx',
  ]
  const headers = (origin: string | null, port: number): Record<string, string> => ({
    host: `localhost:${port}`,
    ...(origin === null ? {} : { origin: origin.replace('PORT', String(port)) }),
  })

  test.for(own)('%j may open the stream', async (origin) => {
    const { uiPort } = server()
    expect(await upgradeStatus(uiPort, headers(origin, uiPort))).toBe(101)
  })

  test.for(others)('%j may not open the stream', async (origin) => {
    const { uiPort } = server()
    expect(await upgradeStatus(uiPort, headers(origin, uiPort))).toBe(403)
  })

  test.for(['POST', 'PUT', 'PATCH', 'DELETE'])('of another page may not %s', async (method) => {
    const { uiPort } = server()
    const evil = await rawRequest(uiPort, [
      `${method} /api/connections/1/close HTTP/1.1`,
      `Host: localhost:${uiPort}`,
      'Origin: http://evil.example',
    ])
    expect(evil.status).toBe(403)
    expect(evil.text).toContain('"code":"ORIGIN_NOT_ALLOWED"')
  })

  describe('behind a proxy that sends another Host', () => {
    const behind = sharedServer({ allowHosts: ['dash.example', 'lab.example:8443', '2001:db8::7'] })

    test.for([
      ['https://dash.example', 'localhost:PORT', 101],
      ['http://dash.example', '127.0.0.1:PORT', 101],
      ['https://DASH.example:443', 'localhost', 101],
      ['https://lab.example:8443', 'lab.example', 101],
      ['https://[2001:db8::7]', 'localhost:PORT', 101],
      // Another port of the same host may be another person's page.
      ['https://dash.example:8443', 'localhost:PORT', 403],
      ['https://lab.example', 'localhost:PORT', 403],
      ['https://dash.example.evil.example', 'localhost:PORT', 403],
      ['https://evil.example', 'dash.example', 403],
      ['ftp://dash.example', 'localhost:PORT', 403],
    ] as const)('a page at %s may open the stream through Host %s: %i', async ([origin, host, expected]) => {
      const { uiPort } = behind()
      const headers = { origin, host: host.replace('PORT', String(uiPort)) }
      expect(await upgradeStatus(uiPort, headers)).toBe(expected)
      // A page can ask this before it opens a WebSocket, whose refusal browsers do not explain.
      const asked = await rawRequest(uiPort, ['OPTIONS /ws HTTP/1.1', `Host: ${headers.host}`, `Origin: ${origin}`])
      expect(asked.status).toBe(expected === 101 ? 204 : expected)
    })
  })

  test('with the same name on both sides does not help a rebound one', async () => {
    const { uiPort } = server()
    const evil = { host: `evil.example:${uiPort}`, origin: `http://evil.example:${uiPort}` }
    expect(await upgradeStatus(uiPort, evil)).toBe(403)
  })

  test('of another page gets no leave to read what it asks for', async () => {
    const { headers } = await getJson(server(), '/api/listener', { headers: { origin: 'http://evil.example' } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })
})

describe('with a token', () => {
  const token = 's3cret/+ with=signs'
  const server = sharedServer({ token })

  test('the API and the stream ask for it', async () => {
    for (const path of ['/api/listener', '/api/connections', '/api/connections/1', '/api/events']) {
      const answer = await getJson(server(), path)
      expect(answer, path).toMatchObject({ status: 401, body: { statusCode: 401, code: 'TOKEN_REQUIRED' } })
    }
    expect(await upgradeStatus(server().uiPort, {})).toBe(401)
  })

  test.for([
    '/%61pi/listener',
    '/api/%6cistener',
    '/api%2Flistener',
    '//api/listener',
    '/./api/listener',
    '/x/../api/listener',
    '/API/listener',
    '/api/listener/',
    '/api/listener;x',
    'http://localhost/api/listener',
    '/api/connections?x=/healthz',
    '/%61pi/connections',
    '/%61pi/events',
  ])('no spelling of the path avoids the token check: %s', async (path) => {
    const { uiPort } = server()
    const answer = await rawRequest(uiPort, [`GET ${path} HTTP/1.1`, `Host: localhost`])
    // The static file server answers 403 to a path that leaves its folder.
    expect([400, 401, 403, 404]).toContain(answer.status)
    expect(answer.text).not.toContain('"counters"')
  })

  test.for(['/%77s', '/ws?x', '/ws/', '/ws;token', '/'])(
    'no spelling of the stream goes round it: %s',
    async (path) => {
      const { uiPort } = server()
      const socket = new WebSocket(`ws://localhost:${uiPort}${path}`)
      const frames: unknown[] = []
      socket.on('message', (frame) => frames.push(frame))
      socket.on('error', () => {})
      await new Promise((resolve) => socket.on('close', resolve))
      expect(frames).toEqual([])
    },
  )

  test('the right one opens the API in the header', async () => {
    const ask = (authorization: string) => getJson(server(), '/api/listener', { headers: { authorization } })
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200 })
    expect(await ask(`bearer ${token}`)).toMatchObject({ status: 200 })
    for (const wrong of ['Bearer', 'Bearer ', 'Bearer wrong', `Bearer ${token}x`, token, `Basic ${token}`]) {
      expect(await ask(wrong), wrong).toMatchObject({ status: 401 })
    }
  })

  test('in the query it opens the stream and the events only', async () => {
    const query = `?token=${encodeURIComponent(token)}`
    await openFeed(server().uiPort, {}, `/ws${query}`)
    expect(await getJson(server(), `/api/listener${query}`)).toMatchObject({ status: 401 })
    expect(await upgradeStatus(server().uiPort, {}, '/ws?token=wrong')).toBe(401)
    const events = await fetch(`http://127.0.0.1:${server().uiPort}/api/events${query}`)
    expect(events.status).toBe(200)
    await events.body?.cancel()
  })

  test('the health check answers without it', async () => {
    expect(await getJson(server(), '/healthz')).toMatchObject({ status: 200 })
  })
})

test('--read-only refuses all writes', async () => {
  const server = await startServer({ readOnly: true })
  for (const [method, path] of [
    ['POST', '/api/connections/1/close'],
    ['DELETE', '/api/clients/1'],
    ['POST', '/nothing'],
  ] as const) {
    expect(await getJson(server, path, { method })).toMatchObject({ status: 403, body: { code: 'READ_ONLY' } })
  }
  expect(await getJson(server, '/api/listener')).toMatchObject({ status: 200 })
})

test('with --read-only the hello frame has readOnly: true', async () => {
  const server = await startServer({ readOnly: true })
  expect((await openFeed(server.uiPort)).hello).toMatchObject({ readOnly: true })
})

test('the page may load nothing from other sites, and no site may frame it', async () => {
  const { headers } = await getJson(await startServer(), '/api/listener')
  const policy = headers.get('content-security-policy') ?? ''
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(rule)
  }
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})

test('a refused upgrade leaves no socket behind, even if the other side keeps it: the server can stop', async () => {
  const server = await startServer()
  const socket = connect({ host: '127.0.0.1', port: server.uiPort, allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.write(
    [
      'GET /ws HTTP/1.1',
      `Host: localhost:${server.uiPort}`,
      'Origin: http://evil.example',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      '',
      '',
    ].join('\r\n'),
  )
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'end')
  expect(text).toMatch(/^HTTP\/1\.1 403 /)
  expect(text).toContain('nosniff')
  await server.stop(0)
})

describe('invalid HTTP', () => {
  const server = sharedServer()

  test.for([
    ['a TLS client', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400, 'BAD_REQUEST'],
    ['words', 'HELLO\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ] as const)('%s: is answered like every other error, and closed', async ([, text, status, code]) => {
    const socket = connect({ host: '127.0.0.1', port: server().uiPort })
    onTestFinished(() => void socket.destroy())
    socket.write(Buffer.from(text, 'latin1'))
    const [head = '', body = ''] = Buffer.concat((await socket.toArray()) as Buffer[])
      .toString()
      .split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toContain('x-content-type-options: nosniff')
    expect(JSON.parse(body)).toMatchObject({ statusCode: status, code, message: expect.any(String) as string })
  })
})

test('a path that starts with two slashes is 404', async () => {
  const { status, body } = await getJson(await startServer(), '//api/listener')
  expect([status, body]).toMatchObject([404, { code: 'NOT_FOUND' }])
})

describe('Fetch Metadata headers', () => {
  const server = sharedServer()
  const asked = (path: string, site: string, dest: string): Promise<number> =>
    status(server().uiPort, 'localhost', [`Sec-Fetch-Site: ${site}`, `Sec-Fetch-Dest: ${dest}`], `GET ${path} HTTP/1.1`)

  test.for(['/api/events', '/api/connections', '/api/connections/1/payload', '/api/connections/1/pcapng', '/metrics'])(
    '%s is not for a page elsewhere, neither to fetch nor as an image or a frame',
    async (path) => {
      for (const site of ['cross-site', 'same-site']) {
        for (const dest of ['empty', 'image', 'iframe']) expect(await asked(path, site, dest)).toBe(403)
      }
    },
  )

  test('our own page, a typed address and a link from elsewhere are answered', async () => {
    expect(await asked('/api/connections', 'same-origin', 'empty')).toBe(200)
    expect(await asked('/api/connections', 'none', 'document')).toBe(200)
    expect(await asked('/api/docs', 'cross-site', 'document')).toBe(200)
    expect(await asked('/', 'cross-site', 'document')).toBe(200)
    expect(await asked('/healthz', 'cross-site', 'empty')).toBe(200)
  })
})
