import type { ClientRecord } from '../../shared/client.ts'
import { CROWD_MAX } from '../../shared/crowd.ts'
import type { Refused } from '../live/api.ts'
import { freeAddress, takesIpv4 } from './commands.ts'
import { type Action, type Doing, knock, open, openCrowd, refusedOf, sendFrom } from './doing.ts'
import { confirmed } from './facts.ts'
import { type TaskId, TEXTBOOK_PORTS } from './steps.ts'
import { TRANSFER_ACTIONS } from './transfer-actions.ts'

const FIRST_FREE_PORT = 50_002
const PORTS_TRIED = 10

export const ACTIONS: Partial<Record<TaskId, Action>> = {
  first: (doing) => open(doing, 'first', {}),

  /** Opens as many as are missing: the first client may have closed. */
  async second(doing) {
    const facts = doing.facts()
    const address = facts.earlier[0]?.remote?.address
    const from = address === undefined ? {} : { from: { address } }
    const there = confirmed(facts).some(({ remote }) => address === undefined || remote.address === address)
    return (there ? null : await open(doing, 'second', from)) ?? open(doing, 'second', from)
  },

  'port-0': (doing) => openAt(doing, 'port-0', 100, TEXTBOOK_PORTS[0]),
  'port-1': (doing) => openAt(doing, 'port-1', 101, TEXTBOOK_PORTS[1]),
  'same-0': (doing) => openAt(doing, 'same-0', 100, TEXTBOOK_PORTS[0]),

  'same-1'(doing) {
    const facts = doing.facts()
    const first = confirmed(facts).find(({ id }) => id > facts.since)
    return openAt(doing, 'same-1', 101, first?.remote.port ?? TEXTBOOK_PORTS[0])
  },

  tuple: (doing) => open(doing, 'tuple', {}),

  async twice(doing) {
    const first = doing.facts().tried.findLast((one) => one.kind === 'opened')
    if (first === undefined) return null
    return open(doing, 'twice', { from: first.remote, to: { address: first.local.address } })
  },

  async packet(doing) {
    const clients: ClientRecord[] = []
    for (let more = 0; more < 2; more++) {
      const refused = await open(doing, 'packet', {}, (client) => clients.push(client))
      if (refused) return refused
    }
    return sendFrom(doing, 'packet', clients, 0)
  },

  async syn(doing) {
    const first = doing.facts().tried.find((one) => one.kind === 'packet')
    if (first === undefined) return null
    const { remote, local } = first.packet
    let refused: Refused | null = null
    // A client of another server may use the port.
    for (let attempt = 0; attempt < PORTS_TRIED; attempt++) {
      const used = new Set(doing.facts().connections.map((row) => row.remote.port))
      let port = FIRST_FREE_PORT + attempt
      while (used.has(port)) port++
      refused = await knock(doing, 'syn', { remote: { address: remote.address, port }, local })
      if (refused === null || !refused.code.startsWith('E')) return refused
    }
    return refused
  },

  async stop(doing) {
    return refusedOf(await doing.setAccepting(false))
  },

  async wait(doing) {
    const answers = await Promise.all([1, 2, 3].map(() => open(doing, 'wait', {})))
    return answers.find((refused) => refused !== null) ?? null
  },

  async again(doing) {
    return refusedOf(await doing.setAccepting(true))
  },

  /** An echo server answers a FIN at once, so nobody would see CLOSE_WAIT. Without reading, the program doesn't learn of the FIN. */
  async half(doing) {
    return withClient(doing, 'half', async (client, id) => {
      const stopped = await doing.api.setReading(id, true)
      if (!stopped.ok) return stopped
      doing.holdOpen(id)
      const left = await doing.api.closeClient(client.id, 'half')
      if (!left.ok) return left
      await doing.until(
        ({ kernel, connections }) =>
          kernel === null || connections.some((row) => row.id === id && row.kernel?.tcpState === 'CLOSE_WAIT'),
      )
      return null
    })
  },

  async release(doing) {
    const { tried, listener } = doing.facts()
    const half = tried.findLast((one) => one.kind === 'opened' && one.task === 'half')
    if (half?.kind !== 'opened' || half.connectionId === null) return null
    const reading = refusedOf(await doing.api.setReading(half.connectionId, false))
    // The `silent` behavior keeps CLOSE_WAIT anyway.
    if (reading || listener.behavior !== 'silent') return reading
    return refusedOf(await doing.api.closeConnection(half.connectionId, 'fin'))
  },

  async fin(doing) {
    return withClient(doing, 'fin', async (_client, id) => refusedOf(await doing.api.closeConnection(id, 'fin')))
  },

  async reset(doing) {
    return withClient(doing, 'reset', async (client) => refusedOf(await doing.api.closeClient(client.id, 'reset')))
  },

  crowd: (doing) => openCrowd(doing, 'crowd', CROWD_MAX),

  /** Two ports of two addresses: four 4-tuples. */
  async all(doing) {
    const { connections, now, listener } = doing.facts()
    for (const port of TEXTBOOK_PORTS) {
      const first = freeAddress(connections, now, [port])
      const second = freeAddress(connections, now, [port], Number(first.split('.')[3]) + 1)
      for (const address of [first, second]) {
        const refused = takesIpv4(listener) ? await open(doing, 'all', { from: { address, port } }) : null
        // Where only 127.0.0.1 exists, or for IPv6, any port will do.
        const other = refused?.code.startsWith('E') || !takesIpv4(listener) ? await open(doing, 'all', {}) : refused
        if (other) return other
      }
    }
    return null
  },

  ...TRANSFER_ACTIONS,
}

function openAt(doing: Doing, task: TaskId, host: number, port: number): Promise<Refused | null> {
  const facts = doing.facts()
  if (!takesIpv4(facts.listener)) return open(doing, task, { from: { port } })
  const address = freeAddress(facts.connections, facts.now, [port], host)
  return open(doing, task, { from: { address, port } })
}

/** Opens a client, and continues once this page knows its connection. */
async function withClient(
  doing: Doing,
  task: TaskId,
  then: (client: ClientRecord, connectionId: number) => Promise<Refused | null>,
): Promise<Refused | null> {
  const opened: ClientRecord[] = []
  const refused = await open(doing, task, {}, (client) => opened.push(client))
  const client = opened[0]
  if (refused || client === undefined || client.connectionId === null) return refused
  const id = client.connectionId
  await doing.until((facts) => facts.connections.some((row) => row.id === id && (facts.kernel === null || row.kernel)))
  return then(client, id)
}
