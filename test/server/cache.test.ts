import { expect, test } from 'vitest'
import { Cache } from '../../server/cache.ts'

test('equal keys share one value', () => {
  const cache = new Cache(10, (key: string) => ({ key }))
  expect(cache.get('a')).toBe(cache.get('a'))
  expect(cache.get('b')).toEqual({ key: 'b' })
})

test('a cache keeps at most as many values as its limit, however many keys are asked for', () => {
  let made = 0
  const cache = new Cache(3, (key: number) => ({ key, n: ++made }))
  for (let key = 0; key < 4; key++) cache.get(key)
  expect(cache.get(3)).toEqual({ key: 3, n: 4 })
  expect(cache.get(0)).toEqual({ key: 0, n: 5 })
})
