import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { clock } from '../../../server/clock.ts'
import type { Final } from '../../../server/kernel/final.ts'
import type { ClosedFact, FactsMessage } from '../../../server/listener/messages.ts'
import { FactsReader } from '../../../server/table/apply.ts'
import { Closings } from '../../../server/table/closings.ts'
import { Matcher } from '../../../server/table/matcher.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { Connection } from '../../../shared/connection.ts'
import { NO_PROGRESS, packProgress } from '../../../shared/record.ts'
import type { App } from '../../../server/app.ts'
import { getJson, sharedServer, startServer } from '../../support/app.ts'
import { KernelModel, PORT } from '../../support/kernel-model.ts'
import { postJson } from '../../support/life.ts'

// A client that connects again from the same port at once: each record has its own connection's ending.

const LOCAL = { address: '127.0.0.1', port: PORT }
const REMOTE = { address: '127.0.0.1', port: 50_000 }
const COUNTS = { unread: 0, unsent: 0, retransmits: 0, unanswered: false }
const TIMES = { rttMs: 0.1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
const BYTES = 61
/** The peer reset it. */
const RESET: Final = {
  cookie: 1,
  local: LOCAL,
  remote: REMOTE,
  acked: BYTES,
  sent: BYTES,
  received: 0,
  ...COUNTS,
  ...TIMES,
}
/** The peer closed it, and then our side. */
const IN_ORDER: Final = { ...RESET, cookie: 2, acked: BYTES + 1, received: 1 }
/** The peer closed it, and then sent RST. */
const FIN_THEN_RESET: Final = { ...RESET, cookie: 3, received: 1 }

type How = 'reset' | 'fin'

/** The facts of connections with one 4-tuple. They closed in this order, but are reported in the order of their ids. */
function facts(endings: [id: number, how: How][]): FactsMessage {
  const now = clock.steady()
  const byId = endings.toSorted(([a], [b]) => a - b)
  return {
    type: 'facts',
    opened: byId.map(([id]) => [id, 20, now - 9, LOCAL.address, REMOTE.address, REMOTE.port, 0]),
    progress: byId.map(([id, how]) => {
      const halfClosedAt = how === 'fin' ? now - 5 : null
      return [id, now, packProgress({ ...NO_PROGRESS, bytesOut: BYTES, chunksOut: 1, halfClosedAt })]
    }),
    closed: byId.map(([id, how]): ClosedFact => {
      const at = now - 4 + endings.findIndex(([one]) => one === id)
      return [id, at, 'peer', how, how === 'reset' ? 'peer' : null, how === 'reset' ? 'ECONNRESET' : null, false]
    }),
    refused: [],
    refusedCount: 0,
  }
}

function play(finals: Final[], endings: [id: number, how: How][], factsFirst: boolean): ConnectionTable {
  const table = new ConnectionTable(100)
  const closings = new Closings(table)
  const tell = () => new FactsReader(table).apply(facts(endings), 1, PORT)
  if (factsFirst) tell()
  closings.heard(finals)
  if (!factsFirst) tell()
  return table
}

/** @returns by id: how each ended */
function ended(...played: Parameters<typeof play>): Record<number, string> {
  const table = play(...played)
  return Object.fromEntries(
    table.all().map(({ id, close }) => {
      const evidence = close?.evidence?.certain
      const sure = evidence === undefined ? 'no evidence' : evidence ? 'certain' : 'one of two'
      return [id, `${close?.by} ${close?.how} ${close?.reset ?? 'no RST'}, ${sure}`]
    }),
  )
}

const RESET_BY_PEER = 'peer reset peer, certain'
const CLOSED_BY_PEER = 'peer fin no RST, certain'

describe.for([true, false])('of two connections with one 4-tuple (their facts come first: %o)', (factsFirst) => {
  test('each gets its own ending, in whatever order the kernel tells of them', () => {
    const expected = { 1: RESET_BY_PEER, 2: CLOSED_BY_PEER }
    for (const finals of [
      [RESET, IN_ORDER],
      [IN_ORDER, RESET],
    ]) {
      expect(
        ended(
          finals,
          [
            [1, 'reset'],
            [2, 'fin'],
          ],
          factsFirst,
        ),
      ).toEqual(expected)
    }
  })

  test('the one that closed first gets the first final, although the other one was reported first', () => {
    const table = play(
      [IN_ORDER, { ...IN_ORDER, cookie: 9, rttMs: 0.9 }],
      [
        [2, 'fin'],
        [1, 'fin'],
      ],
      factsFirst,
    )
    expect([1, 2].map((id) => table.get(id)?.close?.evidence?.rttMs)).toEqual([0.9, IN_ORDER.rttMs])
  })

  test('both are uncertain if the finals fit both, and tell of different endings', () => {
    const said = ended(
      [FIN_THEN_RESET, IN_ORDER],
      [
        [1, 'fin'],
        [2, 'fin'],
      ],
      factsFirst,
    )
    expect(said).toEqual({ 1: 'peer fin no RST, one of two', 2: 'peer fin no RST, one of two' })
  })
})

describe('the final of a socket that the table cannot know by its port', () => {
  const NOBODY = { address: '0.0.0.0', port: 0 }
  /** @returns how the connection of REMOTE ended, for which the stray's final is all that was heard */
  function endedAfter(stray: (table: ConnectionTable) => void): string {
    const table = new ConnectionTable(100)
    const closings = new Closings(table)
    const bare: Final = { ...IN_ORDER, cookie: 9, acked: 0, sent: 0, received: 0 }
    const at = clock.now()
    table.accept({ id: 2, local: LOCAL, remote: REMOTE, pid: 1, fd: 21, openedAt: at })
    stray(table)
    closings.heard([bare])
    table.close(2, { at, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null })
    const { evidence } = table.get(2)?.close ?? {}
    return `${evidence?.source}, ${evidence?.certain === true ? 'certain' : 'one of two'}`
  }

  test('proves nothing of the next connection from that port', () => {
    const at = clock.now()
    expect(endedAfter(() => {})).toBe('both, certain')
    const wasReset = (table: ConnectionTable): void => {
      table.accept({ id: 1, local: LOCAL, remote: NOBODY, pid: 1, fd: 20, openedAt: at })
      table.close(1, { at, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null })
    }
    expect(endedAfter(wasReset)).toBe('both, one of two')
    const refused = { kind: 'refused', at, local: LOCAL, remote: REMOTE, why: 'max-connections' } as const
    expect(endedAfter((table) => table.refuse(refused))).toBe('both, one of two')
    expect(endedAfter((table) => table.refuseUnlisted(1))).toBe('both, one of two')
    const elsewhere = { ...REMOTE, port: REMOTE.port + 1 }
    expect(endedAfter((table) => table.refuse({ ...refused, remote: elsewhere }))).toBe('both, certain')
  })

  test('is not awaited', () => {
    const table = new ConnectionTable(100)
    const settled: number[] = []
    table.onSettled = ({ id }) => void settled.push(id)
    const closings = new Closings(table)
    table.accept({ id: 1, local: LOCAL, remote: NOBODY, pid: 1, fd: 20, openedAt: clock.now() })
    table.close(1, { at: clock.now(), by: 'peer', how: 'fin', reset: 'peer', code: null, evidence: null })
    expect(settled).toEqual([1])
    closings.end()
  })
})

test('a socket is not matched with the previous connection of its 4-tuple, whose close has not been reported yet', () => {
  const model = new KernelModel()
  const table = new ConnectionTable(100)
  const matcher = new Matcher(table)
  const tell = () => new FactsReader(table).apply(model.facts(), 1, PORT)
  const look = () => matcher.apply(model.look(0, null))
  model.connect(1)
  model.accept(1)
  tell()
  model.now++
  model.reset(1)
  model.connect(1)
  model.accept(1)
  look()
  expect(table.get(1)).toMatchObject({ cookie: 0, kernel: null, lastState: null })
  model.noticeCloses()
  tell()
  look()
  expect([table.get(1)?.cookie, table.get(2)?.cookie]).toEqual([0, 2])
})

describe.skipIf(process.platform !== 'linux')('with real sockets', () => {
  const app = sharedServer()

  test('a connection that follows a reset one from the same port within milliseconds has its own ending', async () => {
    const open = async (localPort: number) => {
      // An address that no other test uses, whose ports nobody takes meanwhile.
      const socket = connect({ host: '127.0.0.1', port: app().port, localAddress: '127.0.7.1', localPort })
      await once(socket, 'data')
      return socket
    }
    // The thread for closes may still be starting.
    const isHeard = async () => {
      const one = await open(0)
      one.resetAndDestroy()
      await once(one, 'close')
      const { items } = (await getJson<{ items: Connection[] }>(app(), '/api/connections?state=closed')).body
      return items.some(({ close }) => close?.evidence !== null)
    }
    await expect.poll(isHeard).toBe(true)
    const ids: number[] = []
    for (let round = 0; round < 8; round++) {
      const first = await open(0)
      const port = first.localPort ?? 0
      first.resetAndDestroy()
      await once(first, 'close')
      const second = await open(port)
      // The second one is sampled before the close of the first one is reported.
      await getJson(app(), '/api/kernel')
      second.end()
      await once(second, 'close')
      ids.push(port)
    }
    const records = async () => {
      const { items } = (await getJson<{ items: Connection[] }>(app(), '/api/connections?state=closed&limit=1000')).body
      return ids.flatMap((port) => {
        const own = items.filter(({ remote }) => remote.port === port).toSorted((a, b) => a.id - b.id)
        return own.map(
          ({ close }) => `${close?.by} ${close?.how} ${close?.reset ?? 'no RST'} ${close?.evidence !== null}`,
        )
      })
    }
    const expected = ids.flatMap(() => ['peer reset peer true', 'peer fin no RST true'])
    await expect.poll(records).toEqual(expected)
  })
  /** The client of a connection that waits in the accept queue. */
  async function queued(app: App, localPort: number): Promise<Socket> {
    const localAddress = '127.0.7.2'
    const socket = connect({ host: '127.0.0.1', port: app.port, localAddress, localPort, allowHalfOpen: true }).resume()
    await once(socket, 'connect')
    return socket
  }

  async function closedOf(app: App, count: number): Promise<string[]> {
    const { items } = (await getJson<{ items: Connection[] }>(app, '/api/connections?state=closed&sort=id')).body
    if (items.length !== count) return []
    return items.map(({ remote, close }) => `${remote.port === 0} ${close?.by} ${close?.how} ${close?.reset}`)
  }

  test('a connection that was reset in the accept queue does not give its ending to the next one from its port', async () => {
    const app = await startServer({ greeting: false })
    await postJson(app, '/api/listener/pause', {})
    const first = await queued(app, 0)
    const port = first.localPort ?? 0
    first.resetAndDestroy()
    await once(first, 'close')
    const second = await queued(app, port)
    const closed = once(second, 'close')
    second.end()
    await postJson(app, '/api/listener/resume', {})
    await closed
    await expect.poll(() => closedOf(app, 2)).toEqual(['true peer reset peer', 'false peer fin null'])
  })

  test('RST after the client’s FIN in the accept queue is recorded, although nothing is written to the socket', async () => {
    const app = await startServer({ greeting: false, behavior: 'discard' })
    await postJson(app, '/api/listener/pause', {})
    const client = await queued(app, 0)
    await new Promise<void>((resolve) => client.end(resolve))
    client.resetAndDestroy()
    await once(client, 'close')
    await postJson(app, '/api/listener/resume', {})
    await expect.poll(() => closedOf(app, 1)).toEqual(['true peer fin peer'])
  })
})
