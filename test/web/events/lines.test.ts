import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Close } from '../../../shared/connection.ts'
import { foldKey, type NewEvent, type PortEvent } from '../../../web/events/event.ts'
import { FOLD_FROM, FOLD_GAP_MS, FOLD_SPAN_MS, FOLDED_KEPT, type Line, Lines } from '../../../web/events/lines.ts'
import { NOW, row } from '../live/rows.ts'

const accepted = (at: number, address = '10.0.0.1'): NewEvent => ({
  ...{ kind: 'accepted', at: NOW + at, row: row(1, { remote: { address, port: 5_000 + (at % 50_000) } }) },
})
const HOW: Close = { at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null }
const closed = (at: number, address: string, how: Close['how']): NewEvent => ({
  ...{
    kind: 'closed',
    at: NOW + at,
    row: row(1, { remote: { address, port: 1 } }),
    close: { ...HOW, how },
    problem: null,
  },
})
const counts = (lines: Lines) => lines.copy().map(({ count }) => count)

describe('equal events of one address in quick succession', () => {
  test('are one line with their number, from the fifth on, and the newest of them', () => {
    const lines = new Lines()
    for (let n = 1; n < FOLD_FROM; n++) lines.add(accepted(n))
    expect(counts(lines)).toEqual(Array.from({ length: FOLD_FROM - 1 }, () => 1))
    for (let n = FOLD_FROM; n <= 100; n++) lines.add(accepted(n))
    const [line] = lines.copy()
    expect(line).toMatchObject({ at: NOW + 1, until: NOW + 100, count: 100 })
    expect(line?.kept.map(({ at }) => at - NOW)).toEqual(Array.from({ length: FOLDED_KEPT }, (_, n) => 81 + n))
  })

  test('are found between those of other clients', () => {
    const lines = new Lines()
    for (let n = 0; n < 50; n++) {
      lines.add(accepted(n))
      lines.add(closed(n, '10.0.0.1', 'reset'))
      if (n % 25 === 0) lines.add(accepted(n, '10.0.0.2'))
    }
    expect(counts(lines)).toEqual([50, 50, 1, 1])
  })

  test('are separate lines if a pause is between them', () => {
    const lines = new Lines()
    for (let n = 0; n < 20; n++) lines.add(accepted(n * (FOLD_GAP_MS + 1)))
    expect(counts(lines)).toHaveLength(20)
  })

  test('begin another line after a minute, so that the newest are near the top', () => {
    const lines = new Lines()
    for (let at = 0; at <= 2 * FOLD_SPAN_MS; at += 1_000) lines.add(accepted(at))
    expect(counts(lines)).toEqual([61, 60])
  })
})

test('an event that turns out to be another moves to the line of its equals', () => {
  const lines = new Lines()
  const events = Array.from({ length: 10 }, (_, n) => lines.add(closed(n, '10.0.0.1', 'fin')))
  for (const [n, event] of events.slice(0, 7).entries()) lines.replace(event, closed(n, '10.0.0.1', 'reset'))
  expect(lines.copy().map(({ event, count }) => [event.kind === 'closed' && event.close.how, count])).toEqual([
    ['fin', 3],
    ['reset', 7],
  ])
  expect(lines.total).toBe(10)
})

test('what is gathered into a line is no longer in its own', () => {
  const lines = new Lines()
  const flood = { addresses: new Map(), over: null }
  const line = lines.lineOf(lines.add({ kind: 'flood', at: NOW, row: null, flood }))
  for (let n = 1; n < 40; n++) lines.add(accepted(n))
  lines.add(accepted(50, '10.0.0.2'))
  if (line === null) throw new Error('no line')
  lines.gather(line, ({ row }) => row?.remote.address === '10.0.0.1')
  expect(counts(lines)).toEqual([40, 1])
  expect(lines.copy()[0]?.kept).toHaveLength(FOLDED_KEPT)
})

type Step = { address: string; after: number } & (
  | { do: 'accept' }
  | { do: 'close'; how: Close['how'] }
  | { do: 'correct'; which: number; how: Close['how'] }
  | { do: 'gather' }
)
const how = fc.constantFrom<Close['how']>('fin', 'reset')
const base = {
  address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
  after: fc.oneof({ weight: 15, arbitrary: fc.integer({ min: -50, max: 200 }) }, fc.constant(3_000)),
}
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ ...base, do: fc.constant('accept' as const) }) },
  { weight: 8, arbitrary: fc.record({ ...base, do: fc.constant('close' as const), how }) },
  { weight: 4, arbitrary: fc.record({ ...base, do: fc.constant('correct' as const), which: fc.nat(), how }) },
  { weight: 1, arbitrary: fc.record({ ...base, do: fc.constant('gather' as const) }) },
)

/** Plays a history, several times in a row. */
function play(lines: Lines, steps: readonly Step[], repeat: number) {
  let at = 0
  const open: { event: PortEvent; address: string }[] = []
  for (let round = 0; round < repeat; round++) {
    for (const one of steps) {
      at += one.after
      if (one.do === 'accept') lines.add(accepted(at, one.address))
      else if (one.do === 'close') {
        open.push({ event: lines.add(closed(at, one.address, one.how)), address: one.address })
      } else if (one.do === 'correct') {
        const entry = open[one.which % Math.max(1, open.length)]
        if (entry) entry.event = lines.replace(entry.event, closed(entry.event.at - NOW, entry.address, one.how))
      } else {
        const flood = { addresses: new Map(), over: { at: NOW, seen: true } }
        const line = lines.lineOf(lines.add({ kind: 'flood', at: NOW + at, row: null, flood }))
        if (line) lines.gather(line, ({ row }) => row?.remote.address === one.address)
      }
    }
  }
}

const sum = (lines: readonly Line[]) => lines.reduce((total, { count }) => total + count, 0)

describe('in any history', () => {
  test('each event is counted once: in one line, or among those that are no longer kept', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (steps, repeat) => {
        const lines = new Lines({ connections: 12, findings: 12, port: 12 })
        play(lines, steps, repeat)
        const { connections, findings, port } = lines.dropped
        const copy = lines.copy()
        expect(sum(copy) + connections + findings + port).toBe(lines.total)
        for (const { count, kept, event } of copy) {
          expect(count).toBeGreaterThan(0)
          expect(kept.length).toBeLessThanOrEqual(Math.min(FOLDED_KEPT, event.kind === 'flood' ? count - 1 : count))
        }
        const kept = copy.flatMap((line) => line.kept)
        expect(new Set(kept.map(({ key }) => key)).size).toBe(kept.length)
      }),
      { numRuns: 150 },
    )
  })

  test('a line has only events that are equal in words and address, as many as there were', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (all) => {
        const steps = all.filter((one) => one.do !== 'gather')
        const lines = new Lines()
        play(lines, steps, 1)
        const copy = lines.copy()
        for (const { event, kept } of copy) expect(new Set([event, ...kept].map(foldKey)).size).toBe(1)
        const byHow = (how: string) =>
          sum(copy.filter(({ event }) => event.kind === 'closed' && event.close.how === how))
        const closes: string[] = []
        for (const one of steps) {
          if (one.do === 'close') closes.push(one.how)
          else if (one.do === 'correct' && closes.length > 0) closes[one.which % closes.length] = one.how
        }
        expect([byHow('fin'), byHow('reset')]).toEqual(
          ['fin', 'reset'].map((how) => closes.filter((other) => other === how).length),
        )
      }),
    )
  })
})
