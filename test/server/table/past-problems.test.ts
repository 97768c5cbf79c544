import { expect, test } from 'vitest'
import { PastProblems } from '../../../server/table/past-problems.ts'
import type { PortProblem } from '../../../shared/schema/problem.ts'

const flood = (address: string, since: number): PortProblem => ({
  code: 'flooding',
  since,
  evidence: { address, connections: 900, lastAt: since + 10 },
})

test('a problem that is over is remembered with its newest evidence and its end', () => {
  const past = new PastProblems()
  expect(past.take([flood('10.0.0.1', 5)], 10)).toEqual([])
  const newer = { ...flood('10.0.0.1', 5), evidence: { address: '10.0.0.1', connections: 1_200, lastAt: 19 } }
  expect(past.take([newer, flood('10.0.0.2', 12)], 20)).toEqual([])
  expect(past.take([flood('10.0.0.2', 12)], 30)).toEqual([{ ...newer, endedAt: 30 }])
  expect(past.take([], 40).map(({ endedAt }) => endedAt)).toEqual([30, 40])
})

test('the newest 20 are remembered, and move with the clock', () => {
  const past = new PastProblems()
  for (let n = 0; n < 60; n++) past.take([flood(`10.0.0.${n}`, n)], n)
  expect(past.take([], 60).map(({ since }) => since)).toEqual(Array.from({ length: 20 }, (_, n) => 40 + n))
  expect(past.shift(1_000)[0]).toMatchObject({ since: 1_040, endedAt: 1_041, evidence: { lastAt: 1_050 } })
})

test('a flood whose worst address changes to and fro is remembered once for each address, and pushes nothing out', () => {
  const past = new PastProblems()
  past.take([{ code: 'accept-queue-full', since: 1, evidence: { connections: 9, limit: 8 } }], 1)
  for (let n = 2; n < 90; n++) past.take([flood(`10.0.0.${n % 2}`, 2)], n)
  expect(past.take([flood('10.0.0.1', 2)], 90).map(({ code }) => code)).toEqual(['accept-queue-full', 'flooding'])
  expect(past.take([], 91).map(({ code }) => code)).toEqual(['accept-queue-full', 'flooding', 'flooding'])
})

test('setting the clock ends no problem', () => {
  const past = new PastProblems()
  past.take([flood('10.0.0.1', 5)], 10)
  past.shift(1_000)
  expect(past.take([flood('10.0.0.1', 1_005)], 1_011)).toEqual([])
})
