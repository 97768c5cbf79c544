import fc from 'fast-check'
import { expect, test } from 'vitest'
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
        expect(matcher.agreement).toEqual({ both, onlyServer: 0, onlyKernel: model.sockets.size - both })
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
  const happens = (...events: Event['do'][]): void => {
    for (const what of events) world.carryOut({ do: what, port: 1, lag: 0, missed: null })
  }
  happens('connect', 'accept', 'look', 'reset', 'tick', 'connect', 'accept', 'notice-closes', 'tell', 'hear')
  expect(model.live).toEqual(new Set([2]))
  expect(table.get(2)?.kernel).toBeNull()
})
