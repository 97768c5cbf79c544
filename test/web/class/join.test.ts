import { describe, expect, test } from 'vitest'
import decodeQr from 'qr/decode.js'
import type { JoinFacts } from '../../../shared/join.ts'
import { addressesOf, joinLink, joinUrl, problemOf, startCommands } from '../../../web/class/join.ts'
import { qrPath } from '../../../web/class/qr.ts'

const FACTS: JoinFacts = {
  token: 'abc',
  addresses: ['192.0.2.7', 'fd00::7'],
  port: 3000,
  allowHosts: ['lab.example'],
  startedWith: [],
}

const here = (href: string) => new URL(href)

test('how the page was reached is offered first, unless only this machine reaches it so', () => {
  const own = ['lab.example:3000', '192.0.2.7:3000', '[fd00::7]:3000']
  for (const local of ['http://localhost:3000/', 'http://127.0.0.1:3000/', 'http://[::1]:3000/']) {
    expect(addressesOf(FACTS, here(local))).toEqual(own)
  }
  expect(addressesOf(FACTS, here('http://192.0.2.7:3000/'))).toEqual(['192.0.2.7:3000', own[0], own[2]])
  expect(addressesOf(FACTS, here('https://school.example/port/'))).toEqual(['https://school.example/port/', ...own])
  expect(addressesOf(FACTS, here('https://school.example/port/index.html'))[0]).toBe('https://school.example/port/')
  expect(addressesOf(FACTS, here('https://school.example/index.html'))[0]).toBe('https://school.example')
})

test.for([
  ['192.0.2.7:3000', 'http://192.0.2.7:3000/'],
  [' 192.0.2.7 ', 'http://192.0.2.7:3000/'],
  ['fd00::7', 'http://[fd00::7]:3000/'],
  ['[fd00::7]:99', 'http://[fd00::7]:99/'],
  ['LAB.example', 'http://lab.example:3000/'],
  ['http://lab.example', 'http://lab.example/'],
  ['https://school.example/port/?x=1#y', 'https://school.example/port/'],
  ['', null],
  ['two words', null],
  ['me@lab.example', null],
  ['lab.example:99999', null],
  ['http://', null],
] as const)('%j is read as %s', ([typed, href]) => {
  expect(joinUrl(typed, FACTS)?.href ?? null).toBe(href)
})

test('the link has its token where no server sees it', () => {
  const url = new URL('http://192.0.2.7:3000/')
  expect(joinLink(url, 'a/b')).toBe('http://192.0.2.7:3000/#token=a%2Fb')
  expect(joinLink(url, null)).toBe('http://192.0.2.7:3000/')
})

test.for([
  ['192.0.2.7:3000', null],
  ['[fd00::7]:3000', null],
  ['lab.example', null],
  ['LAB.example.:1', null],
  ['reached.example:3000', null],
  ['localhost:3000', 'loopback'],
  ['127.1:3000', 'loopback'],
  ['[::1]:3000', 'loopback'],
  ['192.0.2.8:3000', 'refused'],
  ['school.example', 'refused'],
  ['no address', 'unreadable'],
] as const)('of %s the problem is %s', ([typed, problem]) => {
  const url = joinUrl(typed, FACTS)
  expect(problemOf(url, FACTS, here('http://reached.example:3000/'))).toBe(problem)
})

test('the commands take the same token', () => {
  const { npm, docker } = startCommands('abc', { startedWith: [], addresses: [] }, { port: 8080, uiPort: 3000 })
  expect(npm).toBe('npm start -- --ui-host 0.0.0.0 --token abc')
  expect(docker).toBe('ONEPORT_UI_HOST=0.0.0.0 ONEPORT_TOKEN=abc docker compose -f compose.host.yml up')
})

test('the commands start the same server: its ports and whatever else it was started with', () => {
  const startedWith = [
    { flag: 'port', variable: 'ONEPORT_PORT', value: '0' },
    { flag: 'host', variable: 'ONEPORT_HOST', value: 'fe80::1%eth0' },
    { flag: 'greeting', variable: 'ONEPORT_GREETING', value: 'off' },
    { flag: 'ui-port', variable: 'ONEPORT_UI_PORT', value: '3111' },
    { flag: 'ui-host', variable: 'ONEPORT_UI_HOST', value: '127.0.0.1' },
    { flag: 'allow-host', variable: 'ONEPORT_ALLOW_HOST', value: 'a.example, b.example' },
  ]
  const { npm, docker } = startCommands('abc', { startedWith, addresses: [] }, { port: 8111, uiPort: 3111 })
  expect(npm).toBe(
    "npm start -- --port 8111 --host fe80::1%eth0 --greeting off --ui-port 3111 --ui-host 0.0.0.0 --allow-host 'a.example, b.example' --token abc",
  )
  expect(docker).toMatch(/^ONEPORT_PORT=8111 ONEPORT_HOST=fe80::1%eth0 ONEPORT_GREETING=off ONEPORT_UI_PORT=3111 /)
  expect(docker).toMatch(/ ONEPORT_TOKEN=abc docker compose -f compose\.host\.yml up$/)
  // A dashboard that others reach stays where it is.
  const reached = [{ flag: 'ui-host', variable: 'ONEPORT_UI_HOST', value: '192.0.2.7' }]
  expect(
    startCommands('abc', { startedWith: reached, addresses: ['192.0.2.7'] }, { port: 8080, uiPort: 3000 }).npm,
  ).toBe('npm start -- --ui-host 192.0.2.7 --token abc')
})

describe('the QR code', () => {
  test.for([
    'http://192.0.2.7:3000/#token=E3H2xO75wXkrjubnzJMBKCTy1aPdLBGDh4mkOD6LNr4',
    'http://[fd00::7]/',
    'ü'.repeat(200),
  ])('of %s is read by another library', (text) => {
    expect(decodeQr(drawn(qrPath(text), 4))).toBe(text)
  })

  test('has white all around it', () => {
    const { size, path } = qrPath('http://192.0.2.7:3000/')
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4)
      expect(Number(y)).toBeGreaterThanOrEqual(4)
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(size - 4)
      expect(Number(y)).toBeLessThan(size - 4)
    }
  })
})

/** Renders the SVG to pixels, with a fixed width for each module. */
function drawn({ size, path }: { size: number; path: string }, scale: number) {
  const width = size * scale
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(run)) * scale; column++) {
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3)
      }
    }
  }
  return { width, height: width, data }
}
