import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FactsReader } from '../../../server/table/apply.ts'
import { toConnection } from '../../../server/table/entry.ts'
import { Hub } from '../../../server/table/hub.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { ACTIONS_KEPT } from '../../../shared/action.ts'
import type { KernelFacts } from '../../../shared/kernel.ts'
import type { Connection } from '../../../shared/connection.ts'
import { SNAPSHOT_CLOSED } from '../../../shared/stream.ts'
import { TableHistory, type Step, steps } from '../../support/history.ts'
import { DashboardReader, EventsReader } from '../../support/sinks.ts'

type Event =
  | { do: 'batch'; steps: Step[] }
  | { do: 'listener-died' }
  | { do: 'kernel'; pick: number; queue: number | 'gone' | 'unknown' | 'unmatched' }
  | { do: 'problem'; pick: number; since: number | null }
  | { do: 'act'; pick: number; times: number }
  | { do: 'join'; as: 'dashboard' | 'events'; credits: number }
  | { do: 'leave'; pick: number }
  | { do: 'grant'; pick: number; credits: number }
  | { do: 'turn' }

const FEW_READERS = 6

function sampledFacts(recvQueue: number): KernelFacts {
  const tcpState = recvQueue < 7 ? 'ESTABLISHED' : recvQueue < 9 ? 'CLOSE_WAIT' : 'LAST_ACK'
  const figures = { sendQueue: 0, rttMs: 0.03, retransmits: 0, congestionWindow: 10, sendWindow: 65_536 }
  return { tcpState, inode: 7, recvQueue, ...figures, timer: null }
}

function events(count: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Event[]> {
  const pick = fc.double({ min: 0, max: 0.999, noNaN: true })
  const credits = fc.integer({ min: 0, max: 3 })
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('batch' as const), steps: steps(count) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('listener-died' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('kernel' as const),
        pick,
        queue: fc.oneof({ weight: 5, arbitrary: fc.nat(9) }, fc.constantFrom('gone', 'unknown', 'unmatched')),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('problem' as const), pick, since: fc.option(fc.nat(9)) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('act' as const), pick, times: fc.constantFrom(1, 2, ACTIONS_KEPT - 1) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('join' as const),
        as: fc.constantFrom('dashboard' as const, 'events' as const),
        credits,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), pick }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('grant' as const), pick, credits }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  )
  return fc.array(event, { minLength: 5, maxLength })
}

/** The server's side of one history, with all its readers. */
class World {
  readonly history = new TableHistory()
  readonly table: ConnectionTable
  readonly hub: Hub
  readonly dashboards: DashboardReader[] = []
  readonly followers: { reader: EventsReader; since: Since }[] = []
  readonly #facts: FactsReader

  constructor(closedKept: number) {
    this.table = new ConnectionTable(closedKept)
    this.hub = new Hub(this.table)
    this.#facts = new FactsReader(this.table)
  }

  async carryOut(event: Event): Promise<void> {
    switch (event.do) {
      case 'batch':
        this.#facts.apply(this.history.batch(event.steps), 4242, 8080)
        this.hub.flush()
        break
      case 'listener-died':
        this.history.died()
        this.table.closeAll({
          at: 9_999,
          by: 'system',
          how: 'error',
          reset: null,
          code: 'LISTENER_DIED',
          evidence: null,
        })
        this.hub.announce('listener')
        break
      case 'kernel':
        this.#kernel(event.pick, event.queue)
        break
      case 'problem':
        this.#problem(event.pick, event.since)
        break
      case 'act':
        this.#act(event.pick, event.times)
        break
      case 'join':
        this.#join(event.as, event.credits)
        break
      case 'leave':
        this.#leave(event.pick)
        break
      case 'grant':
        this.#reader(event.pick)?.grant(event.credits)
        break
      case 'turn':
        await turn()
    }
  }

  /** Every reader takes parts until there are none left. */
  async settle(): Promise<void> {
    const readers = [...this.dashboards, ...this.followers.map(({ reader }) => reader)]
    for (const reader of readers) reader.grant(Infinity)
    const parts = (): number => readers.reduce((sum, reader) => sum + reader.parts, 0)
    let before
    do {
      before = parts()
      await turn()
    } while (parts() > before)
    this.hub.flush()
    await turn()
  }

  #problem(pick: number, since: number | null): void {
    const live = this.table.live()
    const entry = live[Math.floor(pick * live.length)]
    if (entry === undefined) return
    this.history.operations++
    this.table.problem(
      entry,
      since === null ? null : { code: 'unread', severity: 'warning', since, evidence: { recvQueue: 9 } },
    )
  }

  /** A kernel sample of a connection that may be closed. */
  #kernel(pick: number, queue: number | 'gone' | 'unknown' | 'unmatched'): void {
    const entries = this.table.all()
    const entry = entries[Math.floor(pick * entries.length)]
    if (entry === undefined) return
    if (queue === 'gone') this.table.forgotten(entry)
    else if (queue === 'unmatched') this.table.unmatch(entry)
    else this.table.kernel(entry, queue === 'unknown' ? null : sampledFacts(queue))
    this.hub.flush()
  }

  /** Several actions on a connection, which may be closed, before the readers are notified. */
  #act(pick: number, times: number): void {
    const entries = this.table.all()
    const entry = entries[Math.floor(pick * entries.length)]
    if (entry === undefined) return
    for (let i = 0; i < times; i++) this.table.act(entry.id, this.history.act(entry.id))
    this.hub.flush()
  }

  #join(as: 'dashboard' | 'events', credits: number): void {
    if (this.hub.readers >= FEW_READERS) return
    if (as === 'dashboard') this.dashboards.push(new DashboardReader(this.table).join(this.hub, credits))
    else this.followers.push({ reader: new EventsReader().join(this.hub, credits), since: new Since(this.history) })
  }

  #reader(pick: number): DashboardReader | EventsReader | undefined {
    const readers = [...this.dashboards, ...this.followers.map(({ reader }) => reader)]
    return readers[Math.floor(pick * readers.length)]
  }

  #leave(pick: number): void {
    const reader = this.#reader(pick)
    if (reader === undefined) return
    reader.leave()
    const { parts } = reader
    reader.grant(1)
    expect(reader.parts, 'a reader that has left gets nothing').toBe(parts)
    if (reader instanceof DashboardReader) this.dashboards.splice(this.dashboards.indexOf(reader), 1)
    else
      this.followers.splice(
        this.followers.findIndex((follower) => follower.reader === reader),
        1,
      )
  }
}

/** Events from before the reader joined, which it must not get. */
class Since {
  readonly accepted: ReadonlySet<number>
  readonly closed: ReadonlySet<number>
  readonly operations: number
  readonly refused: number
  readonly acted: number

  constructor({ live, closed, operations, refused, acted }: TableHistory) {
    this.accepted = new Set([...live.keys(), ...closed])
    this.closed = new Set(closed)
    this.operations = operations
    this.refused = refused
    this.acted = acted
  }
}

function checkServer({ table, history }: World, closedKept: number): void {
  const { counters } = table
  expect(counters).toEqual({
    accepted: history.live.size + history.closed.size,
    live: history.live.size,
    closed: history.closed.size,
    resets: 0,
    attention: table.live().filter(({ problem }) => problem !== null).length,
    refused: history.refused,
    bytesIn: history.sum('bytesIn'),
    bytesOut: history.sum('bytesOut'),
  })
  for (const entry of table.live()) expect(toConnection(entry, table)).toMatchObject(history.live.get(entry.id) ?? {})
  for (const entry of table.all()) {
    const { actions } = toConnection(entry, table)
    expect(actions).toEqual(history.actions.get(entry.id)?.slice(-ACTIONS_KEPT) ?? [])
  }
  expect(table.live().map(({ id }) => id)).toEqual([...history.live.keys()])
  expect(table.all().length - counters.live).toBeLessThanOrEqual(closedKept)
}

function checkDashboard({ held }: DashboardReader, { table }: World): void {
  expect(held.synced).toBe(true)
  expect(held.counters).toEqual(table.counters)
  expect(byId(held.live.values())).toEqual(byId(table.live().map((entry) => toConnection(entry, table))))
  for (const entry of table.closedList.newest(SNAPSHOT_CLOSED)) {
    expect(held.closed.get(entry.id)).toEqual(toConnection(entry, table))
  }
}

function checkFollower(reader: EventsReader, since: Since, { history }: World): void {
  const seen = { accept: reader.ids('accept'), close: reader.ids('close') }
  for (const ids of Object.values(seen)) expect(new Set(ids).size, 'each change comes once').toBe(ids.length)
  expect(seen.accept.some((id) => since.accepted.has(id))).toBe(false)
  expect(seen.close.some((id) => since.closed.has(id))).toBe(false)

  const missed = new Set<number>()
  const all = [...history.live.keys(), ...history.closed]
  for (const id of all) if (!since.accepted.has(id) && !seen.accept.includes(id)) missed.add(id)
  for (const id of history.closed) if (!since.closed.has(id) && !seen.close.includes(id)) missed.add(id)
  const refused = reader.lines.flatMap((line) => (line.kind === 'refused' ? line.remote.port : []))
  expect(new Set(refused).size, 'each refusal comes once').toBe(refused.length)
  const missedRefusals = history.refused - since.refused - refused.length
  expect(reader.skippedCount, 'skipped counts all of which a change is missing').toBeGreaterThanOrEqual(
    missed.size + missedRefusals,
  )
  const acted = reader.lines.flatMap((line) => (line.kind === 'action' ? line.action.at : []))
  expect(new Set(acted).size, 'each action comes once').toBe(acted.length)
  expect(acted.some((number) => number <= since.acted)).toBe(false)
  const missedActions = history.acted - since.acted - acted.length
  expect(reader.skippedCount, 'skipped counts the actions that did not come').toBeGreaterThanOrEqual(missedActions)
  const lines = reader.lines.filter(({ kind }) => kind !== 'skipped').length
  expect(lines + reader.skippedCount, 'skipped counts nothing twice').toBeLessThanOrEqual(
    history.operations - since.operations + history.refused - since.refused,
  )
}

function byId(connections: Iterable<Connection>): Connection[] {
  return [...connections].toSorted((a, b) => a.id - b.id)
}

async function play(closedKept: number, history: Event[]): Promise<void> {
  const world = new World(closedKept)
  for (const event of history) await world.carryOut(event)
  await world.settle()
  checkServer(world, closedKept)
  for (const dashboard of world.dashboards) checkDashboard(dashboard, world)
  for (const { reader, since } of world.followers) checkFollower(reader, since, world)
}

test.for([0, 1, 5, 10_000])(
  'whatever happens, and however slowly they read, all readers end with the table of the server (%d closed kept)',
  async (closedKept) => {
    await fc.assert(
      fc.asyncProperty(events(fc.integer({ min: 1, max: 5 }), 80), (history) => play(closedKept, history)),
      { numRuns: 500 },
    )
  },
)

test.for([0, 300])('the same with snapshots and changes of several parts (%d closed kept)', async (closedKept) => {
  await fc.assert(
    fc.asyncProperty(events(fc.constantFrom(1, 450, 1_100, 2_600), 30), (history) => play(closedKept, history)),
    { numRuns: 15 },
  )
})
