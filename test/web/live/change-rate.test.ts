import { expect, test } from 'vitest'
import { ChangeRate } from '../../../web/live/change-rate.ts'

/** Changes that come in equal parts every 20 ms. */
function come(rate: ChangeRate, perSecond: number, from: number, ms: number): void {
  for (let at = from; at < from + ms; at += 20) rate.add(perSecond / 50, at)
}

test('more than 1,500 changes a second are a flood until a second has passed with fewer', () => {
  const rate = new ChangeRate()
  come(rate, 2_000, 0, 1_020)
  expect(rate.flooded).toBe(true)
  come(rate, 500, 1_020, 960)
  expect(rate.flooded).toBe(true)
  come(rate, 500, 1_980, 1_000)
  expect(rate.flooded).toBe(false)
})

test('a sample that changes many connections at once is no flood', () => {
  const rate = new ChangeRate()
  for (const second of [0, 1, 2, 3]) {
    rate.add(700, second * 1_000 + 500)
    come(rate, 200, second * 1_000, 1_000)
    expect(rate.flooded).toBe(false)
  }
})

test('a rate is taken over the time that has passed, however long no change came', () => {
  const rate = new ChangeRate()
  rate.add(5_000, 0)
  rate.add(1, 60_000)
  expect(rate.flooded).toBe(false)
})
