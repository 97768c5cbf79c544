import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Connection } from '../../../shared/connection.ts'
import { type ProblemCode, SEVERITY } from '../../../shared/diagnosis.ts'
import { FADE_MS, Scene } from '../../../web/picture/scene.ts'
import { SICK, sickIn, sickOf, STATUS } from '../../../web/picture/status.ts'
import { Table } from '../../../web/live/table.ts'
import { connection, COUNTERS, facts, NOW, UNTOUCHED } from '../live/rows.ts'

let table: Table
let scene: Scene
let now: number
const TOTALS = { bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }

function load(connections: Connection[]): void {
  table.begin('one')
  table.applySnapshot({
    type: 'snapshot',
    seq: 1,
    total: connections.length,
    connections,
    last: true,
    counters: COUNTERS,
  })
}

function apply(...changes: Parameters<Table['applyChanges']>[0]['changes']): void {
  table.applyChanges({ type: 'changes', seq: 2, changes, counters: COUNTERS }, now)
}

function accept(id: number, fields: Partial<Connection> = {}): void {
  apply({ kind: 'accept', connection: connection(id, fields) })
}

function end(id: number, how: 'fin' | 'reset' = 'fin', by: 'peer' | 'server' = 'peer'): void {
  const close = { at: now, by, how, reset: how === 'reset' ? by : null, code: null, evidence: null } as const
  apply({ kind: 'close', id, at: now, close, lastActivityAt: now, ...TOTALS, ...UNTOUCHED })
}

function data(id: number, fields: Partial<Connection>): void {
  apply({ kind: 'data', id, at: now, state: 'open', ...TOTALS, ...UNTOUCHED, ...fields })
}

function sicken(id: number, code: ProblemCode | null): void {
  const problem = code && { code, severity: SEVERITY[code], since: now, evidence: {} }
  apply({ kind: 'problem', id, problem })
}

function statusOf(id: number): number | null {
  const place = scene.placeOf(id)
  return place === null ? null : scene.statusAt(place)
}

beforeEach(() => {
  table = new Table()
  scene = new Scene(table)
  table.observe(scene)
  now = NOW + 1000
})

test('draws each live connection of a snapshot once', () => {
  load([connection(1), connection(2), connection(3)])
  scene.step(now)
  expect(scene.live).toBe(3)
  expect(new Set([1, 2, 3].map((id) => scene.placeOf(id))).size).toBe(3)
  expect(scene.groups.all.size).toBe(3)
})

test('tells of a birth once, and of none that the snapshot brought', () => {
  load([connection(1)])
  expect(scene.step(now).born).toEqual([])
  accept(2)
  expect(scene.step(now).born).toEqual([scene.placeOf(2)])
  expect(scene.step(now).born).toEqual([])
})

test('tells which way bytes went', () => {
  load([connection(1)])
  scene.step(now)
  data(1, { bytesIn: 5 })
  const place = scene.placeOf(1)
  expect(scene.step(now)).toMatchObject({ bytesIn: [place], bytesOut: [] })
  data(1, { bytesIn: 5, bytesOut: 9 })
  expect(scene.step(now)).toMatchObject({ bytesIn: [], bytesOut: [place] })
})

describe('the life of a connection', () => {
  beforeEach(() => {
    load([connection(1), connection(2)])
    scene.step(now)
  })

  test('half-closed, then closed by FIN, then gone', () => {
    data(1, { state: 'half-closed', halfClosedAt: now })
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.half)
    expect(scene.live).toBe(2)
    end(1)
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.fin)
    expect(scene.live).toBe(1)
    now += FADE_MS
    scene.step(now)
    expect(scene.placeOf(1)).toBeNull()
    expect(scene.ended).toBe(0)
  })

  test('an RST looks otherwise than a FIN', () => {
    end(1, 'reset')
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.reset)
  })

  test('stays for as long as the kernel keeps it in TIME_WAIT, then fades', () => {
    end(1, 'fin', 'server')
    apply({ kind: 'kernel', id: 1, kernel: facts({ tcpState: 'TIME_WAIT', inode: 0 }), sampledStates: [] })
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.timeWait)
    now += 59_000
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.timeWait)
    apply({ kind: 'kernel', id: 1, kernel: null, sampledStates: [] })
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.fin)
    now += FADE_MS
    scene.step(now)
    expect(scene.placeOf(1)).toBeNull()
  })

  test('a connection looks stopped if reading was stopped by hand', () => {
    data(1, { readingPaused: true })
    scene.step(now)
    expect(statusOf(1)).toBe(STATUS.stopped)
  })

  test('a problem shows on its socket and counts for its address, for as long as it lasts', () => {
    const sickAt = () => scene.sickAt(scene.placeOf(1) ?? -1)
    sicken(1, 'peer-not-reading')
    expect(scene.step(now).touched).toEqual([scene.placeOf(1)])
    expect(sickAt()).toBe(SICK.critical)
    expect(scene.groups.of('192.168.0.101').sick).toEqual([0, 0, 1])
    sicken(1, 'unread')
    scene.step(now)
    expect(sickAt()).toBe(SICK.warning)
    expect(sickIn(scene.sickCounts)).toEqual({ count: 1, worst: SICK.warning })
    sicken(1, null)
    expect(scene.step(now).touched).toEqual([scene.placeOf(1)])
    expect(sickIn(scene.sickCounts)).toEqual({ count: 0, worst: SICK.none })
  })

  test('of one that came and went between two frames the end is shown', () => {
    accept(3)
    end(3)
    scene.step(now)
    expect(statusOf(3)).toBe(STATUS.fin)
    expect(scene.live).toBe(2)
  })

  test('another snapshot without it takes it away, and leaves the others where they are', () => {
    const place = scene.placeOf(2)
    load([connection(2)])
    scene.step(now)
    expect(scene.placeOf(1)).toBeNull()
    expect(scene.placeOf(2)).toBe(place)
  })
})

test('no socket moves because another came or went, while there are places', () => {
  load(Array.from({ length: 9 }, (_, index) => connection(index + 1)))
  scene.step(now)
  const places = () => [1, 2, 3, 5].map((id) => scene.placeOf(id))
  const before = places()
  end(4)
  scene.step(now)
  for (let id = 10; id <= 15; id++) accept(id)
  const step = scene.step(now)
  expect(step.moved).toBe(false)
  expect(places()).toEqual(before)
})

test('writes 24 out, draws dots from 25 on, and does not flicker between the two', () => {
  load(Array.from({ length: 24 }, (_, index) => connection(index + 1)))
  scene.step(now)
  expect(scene.mode).toBe('few')
  accept(25)
  expect(scene.step(now).moved).toBe(true)
  expect(scene.mode).toBe('many')
  for (const id of [1, 2, 3]) end(id)
  scene.step(now)
  expect(scene.mode).toBe('many')
  for (const id of [4, 5]) end(id)
  scene.step(now)
  expect(scene.mode).toBe('few')
})

test('whatever happens, every live connection has one place of its own and one group, and the counts add up', () => {
  const action = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('accept' as const), address: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('fin' as const, 'reset' as const), pick: fc.nat() }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'half' as const,
          'sicken' as const,
          'worsen' as const,
          'wait' as const,
          'forget' as const,
        ),
        pick: fc.nat(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('step' as const), ms: fc.integer({ min: 0, max: 4000 }) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'resync' as const }) },
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 150 }), fc.integer({ min: 0, max: 60 }), (actions, first) => {
      table = new Table(20)
      scene = new Scene(table)
      table.observe(scene)
      let id = 0
      load(Array.from({ length: first }, () => connection(++id, { remote: { address: `10.0.0.${id % 4}`, port: id } })))
      const pickOf = (rows: ReadonlyMap<number, unknown>, pick: number) =>
        [...rows.keys()][pick % Math.max(1, rows.size)] ?? -1
      for (const one of actions) {
        switch (one.kind) {
          case 'accept':
            accept(++id, { remote: { address: `10.0.0.${one.address}`, port: id } })
            break
          case 'fin':
          case 'reset':
            end(pickOf(table.live, one.pick), one.kind)
            break
          case 'half':
            data(pickOf(table.live, one.pick), { state: 'half-closed' })
            break
          case 'sicken':
          case 'worsen':
            sicken(pickOf(table.live, one.pick), one.kind === 'sicken' ? 'unread' : 'vanished')
            break
          case 'wait':
          case 'forget':
            apply({
              kind: 'kernel',
              id: pickOf(table.closed, one.pick),
              kernel: one.kind === 'wait' ? facts({ tcpState: 'TIME_WAIT' }) : null,
              sampledStates: [],
            })
            break
          case 'step':
            now += one.ms
            scene.step(now)
            checkClaims()
            break
          case 'resync':
            load([...table.live.values()].filter((row) => row.id % 3 > 0))
            break
        }
      }
      scene.step(now)
      checkClaims()
    }),
    { numRuns: 150 },
  )
})

function checkClaims(): void {
  const drawn = new Map<number, number>()
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (!row) {
      expect(scene.statusAt(place)).toBe(STATUS.none)
      continue
    }
    expect(drawn.has(row.id)).toBe(false)
    drawn.set(row.id, place)
    expect(scene.placeOf(row.id)).toBe(place)
  }
  for (const [id, row] of table.live) expect(scene.rows[drawn.get(id) ?? -1]).toBe(row)
  expect(scene.live).toBe(table.live.size)
  expect(drawn.size).toBe(scene.live + scene.ended)
  expect(scene.end).toBeLessThanOrEqual(scene.capacity)
  const groups = [...scene.groups.all.values()]
  for (const [id, row] of table.live) expect(scene.sickAt(drawn.get(id) ?? -1)).toBe(sickOf(row))
  const sick = [...table.live.values()].filter((row) => row.problem !== null).length
  expect(sickIn(scene.sickCounts).count).toBe(sick)
  expect(groups.reduce((sum, group) => sum + sickIn(group.sick).count, 0)).toBe(sick)
  expect(groups.reduce((sum, { live }) => sum + live, 0)).toBe(scene.live)
  expect(groups.reduce((sum, group) => sum + group.drawn, 0)).toBe(drawn.size)
  for (const { address, live } of groups) expect(live).toBe(table.remotes.get(address) ?? 0)
}
