import { beforeEach, expect, test, vi } from 'vitest'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'

/** The browser's entries, of which the last is the current one. */
let entries: string[]
let bar: AddressBar

beforeEach(() => {
  vi.useFakeTimers()
  entries = ['http://localhost:3000/']
  bar = new AddressBar({
    location: {
      get href() {
        return entries.at(-1) ?? ''
      },
    },
    history: {
      pushState: (_data, _title, url) => void entries.push(String(url)),
      replaceState: (_data, _title, url) => void entries.splice(-1, 1, String(url)),
    },
  })
  return () => vi.useRealTimers()
})

const paths = () => entries.map((href) => href.slice('http://localhost:3000/'.length))

test('going somewhere is a step that Back undoes; going where one is, is none', () => {
  bar.go({ view: 'clients' })
  bar.go({ view: 'clients' })
  bar.go({ side: 'connection', connection: 3 })
  expect(paths()).toEqual(['', '?view=clients', '?view=clients#c=3'])
})

test('typing is no step, and is written a few times a second at most', () => {
  for (const filter of ['a', 'ab', 'abc']) bar.adjust({ filter })
  expect(paths()).toEqual(['?q=a'])
  expect(bar.at.filter).toBe('abc')
  vi.runAllTimers()
  expect(paths()).toEqual(['?q=abc'])
})

test('what was typed belongs to the step before the next one', () => {
  bar.adjust({ filter: 'a' })
  bar.adjust({ filter: 'ab' })
  bar.go({ view: 'picture' })
  vi.runAllTimers()
  expect(paths()).toEqual(['?q=ab', '?view=picture&q=ab'])
})

test('the page follows Back once, however many events the browser sends for it', () => {
  const followed: string[] = []
  bar.onFollow(({ view }) => followed.push(view))
  bar.go({ view: 'clients' })
  bar.go({ view: 'picture' })
  entries.pop()
  bar.follow()
  bar.follow()
  expect(followed).toEqual(['clients'])
})

test('a browser that refuses to write leaves the page right', () => {
  const refuse = () => {
    throw new DOMException('too many calls', 'SecurityError')
  }
  const refused = new AddressBar({
    location: { href: 'http://localhost:3000/' },
    history: { pushState: refuse, replaceState: refuse },
  })
  refused.go({ view: 'clients' })
  expect(refused.at.view).toBe('clients')
})
