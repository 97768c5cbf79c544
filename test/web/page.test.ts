import { expect, test } from 'vitest'
import { ServerClock } from '../../web/live/clock.ts'
import { COLUMNS, layoutFor } from '../../web/list/columns.ts'
import { feedUrl, takeToken } from '../../web/live/token.ts'

function browser(href: string) {
  const url = new URL(href)
  const kept = new Map<string, string>()
  const visited: string[] = []
  return {
    location: url as unknown as Location,
    history: { replaceState: (_data: unknown, _title: string, to: string) => visited.push(to) } as unknown as History,
    storage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    } as unknown as Storage,
    visited,
  }
}

test('takes the token out of the address and keeps it for the tab', () => {
  const { location, history, storage, visited } = browser('http://localhost:3000/#token=a%2Bb')
  expect(takeToken(location, history, () => storage)).toBe('a+b')
  expect(visited).toEqual(['/'])
  const reloaded = browser('http://localhost:3000/')
  expect(takeToken(reloaded.location, reloaded.history, () => storage)).toBe('a+b')
})

test('leaves another fragment alone', () => {
  const { location, history, storage, visited } = browser('http://localhost:3000/#c=12')
  expect(takeToken(location, history, () => storage)).toBeNull()
  expect(visited).toEqual([])
})

test('looks for the feed beside the page, with the token where there is one', () => {
  expect(feedUrl(browser('http://localhost:3000/#c=1').location, null)).toBe('ws://localhost:3000/ws')
  expect(feedUrl(browser('https://host/oneport/').location, 'a+b')).toBe('wss://host/oneport/ws?token=a%2Bb')
})

test('tells the server’s time, whatever the browser’s clock says meanwhile', () => {
  let monotonic = 100
  let wall = 1_000_000
  const clock = new ServerClock(
    () => monotonic,
    () => wall,
  )
  expect(clock.now()).toBe(1_000_000)
  clock.sync(2_000_000)
  monotonic += 50
  wall -= 3_600_000
  expect(clock.now()).toBe(2_000_050)
})

test('a narrower table has fewer columns, and always those that name a connection', () => {
  const counts = [1720, 1400, 1240, 1000, 800].map((width) => layoutFor(width).columns.length)
  // Idle and Closed share a column.
  expect(counts[0]).toBe(COLUMNS.length - 1)
  expect(counts).toEqual([...counts].sort((a, b) => b - a))
  for (const width of [0, 800, 1000])
    expect(layoutFor(width).columns).toEqual(expect.arrayContaining(['id', 'remote', 'problem']))
  // Every row has the same local port: the claim. With the panel closed, the list is this wide on a common laptop.
  // With it open, about 768.
  for (const width of [768, 1_000]) expect(layoutFor(width).columns).toContain('local')
})
