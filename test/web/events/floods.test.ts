import { expect, test } from 'vitest'
import type { PortProblem } from '../../../shared/diagnosis.ts'
import { countsOf, Floods, sinceOf } from '../../../web/events/floods.ts'

const flooding = (address: string, since: number, connections: number, refused = 0): PortProblem => ({
  code: 'flooding',
  since,
  evidence: { address, connections, refused, perSecond: 300, lastAt: since + 2_000 },
})

test('several addresses of one flood are one flood, with the sum of their counts', () => {
  const floods = new Floods()
  const first = floods.take([flooding('10.0.0.1', 10_000, 600)], true)
  floods.take([flooding('10.0.0.1', 10_000, 900, 50)], true)
  const flood = floods.take([flooding('10.0.0.2', 8_000, 700)], true)
  expect(flood).toBe(first)
  expect(flood && countsOf(flood)).toEqual({ connections: 1_600, refused: 50 })
  expect(flood && sinceOf(flood)).toBe(8_000)
})

test('after its end, the same address begins another one', () => {
  const floods = new Floods()
  const first = floods.take([flooding('10.0.0.1', 10_000, 600)], true)
  expect(floods.take([], true)).toBe(first)
  expect(floods.take([], true)).toBeNull()
  const second = floods.take([flooding('10.0.0.1', 90_000, 600)], true)
  expect(second).not.toBe(first)
  expect(floods.of('10.0.0.1', 11_000)).toBe(first)
  expect(floods.of('10.0.0.1', 95_000)).toBe(second)
})

test('only connections of its addresses, from its first window until its end, belong to it', () => {
  const floods = new Floods()
  const flood = floods.take([flooding('10.0.0.1', 10_000, 600)], true)
  expect(floods.of('10.0.0.1', 8_000)).toBe(flood)
  expect(floods.of('10.0.0.1', 7_999)).toBeNull()
  expect(floods.of('10.0.0.2', 11_000)).toBeNull()
  expect(floods.of(null, 11_000)).toBeNull()
  floods.take([], true)
  expect(floods.of('10.0.0.1', 12_000)).toBe(flood)
  expect(floods.of('10.0.0.1', 12_001)).toBeNull()
})

test('a flood of many addresses keeps a bounded number of them', () => {
  const floods = new Floods()
  let flood = null
  for (let n = 0; n < 5_000; n++) flood = floods.take([flooding(`10.0.${n >> 8}.${n & 255}`, 10_000, 600)], true)
  expect(flood?.addresses.size).toBe(100)
})
