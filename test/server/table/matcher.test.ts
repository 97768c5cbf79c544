import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Sample } from '../../../server/kernel/sample.ts'
import { FactsReader } from '../../../server/table/apply.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { Matcher } from '../../../server/table/matcher.ts'
import { ESTABLISHED, KernelModel, PORT } from '../../support/kernel-model.ts'

type Event =
  | { do: 'connect' | 'accept' | 'reset' | 'close-first'; port: number }
  | { do: 'notice-closes' | 'tell' | 'hear' | 'tick' }
  | { do: 'look'; lag: number; missed: number | null }

// Few ports, so that each is reused often.
const port = fc.integer({ min: 1, max: 3 })
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('connect', 'accept', 'reset', 'close-first'), port }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('notice-closes', 'tell', 'hear', 'tick') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('look'),
      lag: fc.integer({ min: 0, max: 3 }),
      missed: fc.option(port),
    }),
  },
)

class World {
  readonly model = new KernelModel()
  readonly table: ConnectionTable
  readonly matcher: Matcher
  readonly #facts: FactsReader
  #sample: Sample | null = null

  constructor(closedKept: number) {
    this.table = new ConnectionTable(closedKept)
    this.matcher = new Matcher(this.table)
    this.#facts = new FactsReader(this.table)
  }

  carryOut(event: Event): void {
    const { model } = this
    switch (event.do) {
      case 'connect':
        return model.connect(event.port)
      case 'accept':
        return model.accept(event.port)
      case 'reset':
        return model.reset(event.port)
      case 'close-first':
        return model.closeFirst(event.port)
      case 'notice-closes':
        return model.noticeCloses()
      case 'tick':
        return void model.now++
      case 'tell':
        this.#facts.apply(model.facts(), 4242, PORT)
        return this.table.trim(0)
      case 'look':
        this.#sample ??= model.look(event.lag, event.missed)
        return
      case 'hear':
        if (this.#sample !== null) this.matcher.apply(this.#sample)
        this.#sample = null
    }
  }

  /** Reports everything and takes two undisturbed samples: the first may still contain an earlier error. */
  rest(): void {
    this.carryOut({ do: 'hear' })
    for (const what of ['notice-closes', 'tell', 'tick'] as const) this.carryOut({ do: what })
    for (let look = 0; look < 2; look++) {
      this.carryOut({ do: 'look', lag: 0, missed: null })
      this.carryOut({ do: 'hear' })
    }
  }
}

test.for([0, 100])(
  'however quickly a 4-tuple is used again, at rest each live connection has its own socket (%d closed kept)',
  (closedKept) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100, size: 'max' }), (events) => {
        const { model, matcher, table } = play(closedKept, events)
        const rows = new Map(matcher.sockets.map((row) => [row.recvQueue, row]))
        const entries = new Map(table.all().map((entry) => [entry.kernel?.recvQueue, entry]))
        expect(rows.size).toBe(model.sockets.size)
        for (const [remotePort, { cookie, state, inode, id }] of model.sockets) {
          const row = rows.get(cookie)
          expect(row).toMatchObject({ remote: { port: remotePort }, inode })
          // For a socket that no process holds, only its 4-tuple is known.
          if (state === ESTABLISHED) expect(row?.connectionId).toBe(id)
          entries.delete(cookie)
        }
        entries.delete(undefined)
        expect([...entries.keys()], 'no record has a socket that is not there').toEqual([])
        const both = model.live.size
        const onlyKernel = model.sockets.size - both
        const open = [...rows.values()].filter(({ tcpState }) => tcpState !== 'TIME_WAIT')
        expect(matcher.agreement).toEqual({ both, onlyServer: 0, onlyKernel, differing: open.length - both })
      }),
      { numRuns: 2_000 },
    )
  },
)

function play(closedKept: number, events: Event[]): World {
  const world = new World(closedKept)
  for (const event of events) world.carryOut(event)
  world.rest()
  return world
}

test('a socket sampled before a connection was accepted is not matched to it, even with the same 4-tuple', () => {
  const world = new World(100)
  const { model, table } = world
  happens(world, 'connect', 'accept', 'look', 'reset', 'tick', 'connect', 'accept', 'notice-closes', 'tell', 'hear')
  expect(model.live).toEqual(new Set([2]))
  expect(table.get(2)?.kernel).toBeNull()
})

test('a record says that its socket is gone only if the kernel has removed it', () => {
  const whole = event.map((one) => (one.do === 'look' ? { ...one, missed: null } : one))
  let removed = 0
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 100, size: 'max' }), (events) => {
      const { model, table } = play(100, events)
      for (const { id } of model.sockets.values()) {
        if (id !== null) expect(table.get(id)?.forgottenAt).toBeUndefined()
      }
      removed += table.all().filter(({ forgottenAt }) => forgottenAt !== undefined).length
    }),
    { numRuns: 500 },
  )
  expect(removed).toBeGreaterThan(0)
})

test('a socket that one dump leaves out is found again, also after the close', () => {
  const world = new World(100)
  const { table } = world
  happens(world, 'connect', 'accept', 'tell', 'tick', 'look', 'hear', 'close-first', 'notice-closes', 'tell')
  happens(world, 'tick', 'look', 'hear')
  expect(table.get(1)?.kernel?.tcpState).toBe('TIME_WAIT')
  world.carryOut({ do: 'look', lag: 0, missed: 1 })
  happens(world, 'hear')
  expect(table.get(1)).toMatchObject({ kernel: null, forgottenAt: world.model.now })
  happens(world, 'tick', 'look', 'hear')
  expect(table.get(1)).toMatchObject({ kernel: { tcpState: 'TIME_WAIT' }, forgottenAt: undefined })
})

function happens(world: World, ...events: Event['do'][]): void {
  for (const what of events) world.carryOut({ do: what, port: 1, lag: 0, missed: null })
}

describe('a difference is what two samples in a row show', () => {
  let world: World

  /** @returns only in the server, only in the kernel, and how many of them differ */
  function after(...events: Event['do'][]): number[] {
    happens(world, ...events)
    const { onlyServer, onlyKernel, differing } = world.matcher.agreement
    return [onlyServer, onlyKernel, differing]
  }

  beforeEach(() => void (world = new World(100)))

  test('not a connection that is younger than the sample', () => {
    expect(after('look', 'tick', 'connect', 'accept', 'tell', 'hear')).toEqual([1, 0, 0])
    expect(after('look', 'hear')).toEqual([0, 0, 0])
  })

  test('but a client that stays in the accept queue', () => {
    expect(after('connect', 'look', 'hear')).toEqual([0, 1, 0])
    expect(after('tick', 'look', 'hear')).toEqual([0, 1, 1])
    expect(after('accept', 'tell', 'tick', 'look', 'hear')).toEqual([0, 0, 0])
  })

  test('and a connection whose end the server does not notice', () => {
    after('connect', 'accept', 'tell', 'tick', 'look', 'hear')
    expect(after('reset', 'tick', 'look', 'hear')).toEqual([1, 0, 0])
    expect(after('tick', 'look', 'hear')).toEqual([1, 0, 1])
    expect(after('notice-closes', 'tell')).toEqual([0, 0, 0])
  })

  test('not one that closed after the sample, nor TIME_WAIT', () => {
    after('connect', 'accept', 'tell', 'tick', 'look', 'hear')
    expect(after('tick', 'close-first', 'notice-closes', 'tell')).toEqual([0, 1, 0])
    expect(after('look', 'hear', 'tick', 'look', 'hear')).toEqual([0, 1, 0])
  })

  test('so there are never more than server and kernel have alone', () => {
    const check = (events: Event[]): void => {
      world = new World(2)
      for (const one of events) {
        world.carryOut(one)
        const { onlyServer, onlyKernel, differing } = world.matcher.agreement
        expect(differing).toBeGreaterThanOrEqual(0)
        expect(differing).toBeLessThanOrEqual(onlyServer + onlyKernel - world.matcher.timeWait)
      }
    }
    fc.assert(fc.property(fc.array(event, { maxLength: 100, size: 'max' }), check), { numRuns: 500 })
  })
})
