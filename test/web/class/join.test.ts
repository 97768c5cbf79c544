import { describe, expect, test } from 'vitest'
import decodeQr from 'qr/decode.js'
import type { JoinFacts } from '../../../shared/join.ts'
import { addressesOf, joinLink, joinUrl, problemOf } from '../../../web/class/join.ts'
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
