import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import type { Connection } from '../../../shared/connection.ts'
import type { Change } from '../../../shared/stream.ts'
import type { LateChanges } from '../../../web/live/late-changes.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, connection, COUNTERS, EVIDENCE, facts, NOW, UNTOUCHED } from './rows.ts'

/** --closed-kept, the closed ones in a snapshot, and what the page keeps. */
const KEEPS = 6
const SENT = 3
const PAGE_KEEPS = 9

/** A run of the server, and the changes that the page has not got yet. */
class Run {
  readonly live = new Map<number, Connection>()
  /** All that have closed, in this order. The server keeps the last ones. */
  readonly past: Connection[] = []
  /** Those that the page may have outdated, since it was not connected for a while. */
  readonly missed = new Set<number>()
  waiting: Change[] = []
  #nextId = 1
  #now = NOW

  get kept(): Connection[] {
    return this.past.slice(-KEEPS)
  }

  counters() {
    return { ...COUNTERS, closed: this.past.length }
  }

  accept(): void {
    const one = connection(this.#nextId++)
    this.live.set(one.id, one)
    this.waiting.push({ kind: 'accept', connection: structuredClone(one) })
  }

  close(pick: number): void {
    const one = [...this.live.values()][pick % Math.max(1, this.live.size)]
    if (one === undefined) return
    // Many close at the same time when their process ends.
    const at = (this.#now += pick % 2)
    const { close } = closed(one.id, at)
    if (close === null) return
    Object.assign(one, { state: 'closed', fd: null, close, lastActivityAt: at })
    this.live.delete(one.id)
    this.past.push(one)
    const totals = { bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
    this.waiting.push({ kind: 'close', id: one.id, at, close, lastActivityAt: at, ...UNTOUCHED, ...totals })
  }

  /** Something happens to a closed connection. */
  correct(pick: number): void {
    const one = this.kept[pick % Math.max(1, this.kept.length)]
    if (one?.close == null) return
    const { id } = one
    if (pick % 3 === 0) {
      one.close = { ...one.close, evidence: { ...EVIDENCE, bytesReceived: pick } }
      this.waiting.push({ kind: 'evidence', id, close: one.close })
    } else if (pick % 3 === 1) {
      one.kernel = facts({ tcpState: 'TIME_WAIT', inode: pick })
      one.sampledStates = [{ state: 'TIME_WAIT', at: NOW + pick }]
      const { kernel, sampledStates } = one
      this.waiting.push({ kind: 'kernel', id, kernel, sampledStates })
    } else {
      const nothing = { bytes: null, waiting: null, behavior: null, kernel: null }
      const action: Action = { at: ++this.#now, kind: 'reset', code: 'CONNECTION_CLOSED', ...nothing }
      one.actions = [...one.actions, action]
      this.waiting.push({ kind: 'action', id, action })
    }
  }

  /** The page misses what is on its way. */
  drop(): void {
    for (const change of this.waiting) if ('id' in change) this.missed.add(change.id)
    this.waiting = []
  }
}

/** The page and its requests. */
class Page {
  readonly table = new Table(PAGE_KEEPS)
  run = new Run()
  #runs = 0
  readonly #requests: { late: LateChanges; answer: Connection[]; all: boolean }[] = []

  constructor() {
    this.connect()
  }

  connect(): void {
    this.run.drop()
    this.table.begin(`run ${this.#runs}`)
    this.snapshot()
  }

  snapshot(resync?: true): void {
    this.run.drop()
    const connections = structuredClone([...this.run.live.values(), ...this.run.past.slice(-SENT)])
    const counters = this.run.counters()
    const total = connections.length
    this.table.applySnapshot({
      type: 'snapshot',
      seq: 1,
      total,
      connections,
      counters,
      last: true,
      ...(resync && { resync }),
    })
    // Of those that the server did not send again, the page no longer tells what the kernel had.
    for (const id of this.table.closed.keys()) this.run.missed.add(id)
    for (const { id } of connections) this.run.missed.delete(id)
  }

  restart(): void {
    this.run = new Run()
    this.#runs++
  }

  /** The server answers at once, and the answer arrives later. */
  ask(pick: number): void {
    const late = this.table.awaitRecords()
    const all = pick % 3 === 0
    const answer = structuredClone(all ? this.run.kept : this.run.kept.filter((_, index) => (pick >> index) % 2 === 1))
    this.#requests.push({ late, answer, all })
  }

  arrive(): void {
    const request = this.#requests.shift()
    if (request === undefined) return
    const rows = this.table.take(request.late, request.answer)
    if (rows !== null && request.all) this.table.tookAll()
    for (const { id } of rows ?? []) this.run.missed.delete(id)
  }

  /** @param count how many changes are in the frame; the counters know of all */
  frame(count = this.run.waiting.length): void {
    const changes = this.run.waiting.splice(0, count)
    this.table.applyChanges({
      type: 'changes',
      seq: 2,
      changes: structuredClone(changes),
      counters: this.run.counters(),
    })
  }
}

/** A snapshot ends what is under way, so there are few. */
const EVENT = fc.record({
  kind: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('accept', 'close', 'correct', 'frame') },
    { weight: 8, arbitrary: fc.constantFrom('ask', 'arrive') },
    { weight: 3, arbitrary: fc.constantFrom('frame', 'resync', 'reconnect', 'reconnect', 'restart') },
  ),
  pick: fc.nat(1000),
})

function play(page: Page, kind: string, pick: number): void {
  const { run } = page
  if (kind === 'accept') run.accept()
  else if (kind === 'close') run.close(pick)
  else if (kind === 'correct') run.correct(pick)
  else if (kind === 'ask') page.ask(pick)
  else if (kind === 'arrive') page.arrive()
  else if (kind === 'frame') page.frame(pick % 4)
  else if (kind === 'resync') page.snapshot(true)
  else {
    if (kind === 'restart') page.restart()
    page.connect()
  }
}

test('frames, requests, reconnects and restarts in any order end with the newest record of each connection', () => {
  fc.assert(
    fc.property(fc.array(EVENT, { maxLength: 120, size: 'max' }), (events) => {
      const page = new Page()
      for (const { kind, pick } of events) play(page, kind, pick)
      page.frame()
      const { table, run } = page
      expect([...table.live.keys()].toSorted((a, b) => a - b)).toEqual([...run.live.keys()])
      const past = new Map(run.past.map((one) => [one.id, one]))
      for (const row of table.closed.values()) {
        if (!run.missed.has(row.id)) expect(row).toMatchObject(past.get(row.id) ?? { id: 'of this run' })
      }
      const times = [...table.closed.values()].map(({ close }) => close?.at ?? 0)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.length).toBeLessThanOrEqual(PAGE_KEEPS)
      expect(table.notKept).toBe(run.past.length - table.closed.size)
      const lacked = run.kept.filter(({ id }) => !table.closed.has(id)).length
      const older = table.older(KEEPS)
      // A full page drops the oldest, and of those that closed at the same time perhaps another one than the server.
      const full = times.length === PAGE_KEEPS
      if (older === 0) expect(full ? 0 : lacked, 'none is hidden').toBe(0)
      else expect(older ?? 0, 'none is invented').toBeLessThanOrEqual(lacked)
    }),
    { numRuns: 400 },
  )
})

test('a record that was asked for gets what frames tell of its connection until it arrives', () => {
  const table = opened(10, 2)
  const late = table.awaitRecords()
  const { close } = closed(3, NOW + 3, { by: 'server', reset: 'server', how: 'reset' })
  if (close === null) throw new Error('it has closed')
  const changes: Change[] = [{ kind: 'evidence', id: 3, close }]
  table.applyChanges({ type: 'changes', seq: 2, changes, counters: { ...COUNTERS, closed: 10 } })
  table.take(late, [closed(3, NOW + 3), closed(4, NOW + 4)])
  expect([...table.closed.values()].map((row) => [row.id, row.close?.reset])).toEqual([
    [3, 'server'],
    [4, null],
    [9, null],
    [10, null],
  ])
})

function opened(total: number, sent: number): Table {
  const table = new Table()
  table.begin('one')
  const connections = Array.from({ length: sent }, (_, i) => closed(total - sent + 1 + i, NOW + total - sent + 1 + i))
  const counters = { ...COUNTERS, closed: total }
  table.applySnapshot({ type: 'snapshot', seq: 1, total: sent, connections, counters, last: true })
  return table
}

test('says how many the server keeps beyond those that the page has, until all have been taken', () => {
  const table = opened(12_237, 200)
  expect(table.older(10_000)).toBe(9_800)
  // The server may keep a reset that closed before those.
  expect(table.older(200)).toBeNull()
  expect(table.older(3)).toBe(0)
  const rows = table.take(table.awaitRecords(), [closed(9_000, NOW + 9_000), closed(12_200, NOW + 12_200)])
  expect(rows?.map(({ id }) => id)).toEqual([9_000])
  expect(table.older(10_000)).toBe(9_799)
  expect([...table.closed.keys()].slice(0, 2)).toEqual([9_000, 12_038])
  table.tookAll()
  expect(table.older(10_000)).toBe(0)
  expect(table.notKept, 'those that the server forgot are still missing').toBe(12_036)
})

test('does not take what was asked for before a snapshot, nor what is still live', () => {
  const table = opened(10, 2)
  const late = table.awaitRecords()
  table.begin('another')
  expect(table.take(late, [closed(3, NOW)])).toBeNull()
  expect(table.take(table.awaitRecords(), [connection(11)])).toEqual([])
  const dismissed = table.awaitRecords()
  table.dismiss(dismissed)
  expect(table.take(dismissed, [closed(3, NOW)])).toBeNull()
})
