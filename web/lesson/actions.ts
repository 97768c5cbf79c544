import type { ClientRecord, ClientRequest } from '../../shared/client.ts'
import { CROWD_MAX } from '../../shared/crowd.ts'
import { lookup, type Packet, type Verdict } from '../../shared/demux.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import type { Answer, Api, Refused } from '../live/api.ts'
import { freeAddress, takesIpv4 } from './commands.ts'
import { confirmed, demuxSockets, type Facts, type Tried } from './facts.ts'
import { type TaskId, TEXTBOOK_PORTS } from './steps.ts'

/** What a task's button works with. */
export interface Doing {
  api: Api
  /** The current facts. */
  facts(): Facts
  /** Records an attempt and its result. */
  tell(tried: Tried): void
  /** Registers a client to close when the step is left. */
  own(client: ClientRecord): void
  /** A crowd is about to be opened; it closes when the step is left. */
  ownCrowd(key: string): void
  /** The server keeps this connection open, although its client has sent FIN, until it is let go or the step is left. */
  holdOpen(connectionId: number): void
  /** Switches accept(); a stop is undone when the step is left. */
  setAccepting(on: boolean): Promise<Answer<unknown>>
  /** Waits until the facts satisfy a condition, for a few seconds at most. */
  until(holds: (facts: Facts) => boolean): Promise<boolean>
}

/** @returns the reason for a failure; null if it is done, or if the kernel's refusal was the purpose */
type Action = (doing: Doing) => Promise<Refused | null>

const HELLO = 'hello, port\n'
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
    const opened = () => {
      const { tried, connections } = doing.facts()
      const ids = tried.flatMap((one) => (one.kind === 'opened' && one.task === 'packet' ? one.connectionId : []))
      return connections.filter(({ id, close }) => ids.includes(id) && close === null)
    }
    const clients: ClientRecord[] = []
    for (let more = 0; more < 2; more++) {
      const refused = await open(doing, 'packet', {}, (client) => clients.push(client))
      if (refused) return refused
    }
    const [client] = clients
    const known = () => opened().filter((row) => clients.some(({ connectionId }) => connectionId === row.id))
    // The rules use the kernel's table, so both sockets must be in it first.
    await doing.until((facts) => known().length === 2 && known().every(({ kernel }) => facts.kernel === null || kernel))
    if (client === undefined) return null
    const packet = { remote: client.local, local: client.remote, syn: false }
    const predicted = predict(doing.facts(), packet)
    const before = known().map(({ id, bytesIn }) => ({ id, bytesIn }))
    const answer = await doing.api.send(client.id, HELLO)
    if (!answer.ok) return answer
    doing.tell({
      task: 'packet',
      kind: 'packet',
      packet: { ...packet, ...predicted, bytes: answer.body.bytes, got: null },
      before,
    })
    return null
  },

  async syn(doing) {
    const first = doing.facts().tried.find((one) => one.kind === 'packet')
    if (first === undefined) return null
    const { remote, local } = first.packet
    let refused: Refused | null = null
    // A client of another server may use the port.
    for (let attempt = 0; attempt < PORTS_TRIED; attempt++) {
      const facts = doing.facts()
      const used = new Set(facts.connections.map((row) => row.remote.port))
      let port = FIRST_FREE_PORT + attempt
      while (used.has(port)) port++
      const packet = { remote: { address: remote.address, port }, local, syn: true }
      const predicted = predict(facts, packet)
      const before = facts.connections.map(({ id, bytesIn }) => ({ id, bytesIn }))
      refused = await open(doing, 'syn', { from: packet.remote, to: { address: local.address } })
      if (refused === null) {
        doing.tell({ task: 'syn', kind: 'packet', packet: { ...packet, ...predicted, bytes: 0, got: null }, before })
        return null
      }
      if (!refused.code.startsWith('E')) return refused
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

  async crowd(doing) {
    // Other pages may be in this step too, and leave it.
    const key = `lesson-${Math.random().toString(36).slice(2)}`
    doing.ownCrowd(key)
    const answer = await doing.api.openCrowd(CROWD_MAX, key)
    if (!answer.ok) return answer
    // The person may have left the step meanwhile.
    doing.ownCrowd(key)
    doing.tell({ task: 'crowd', kind: 'crowd', crowd: answer.body })
    return null
  },

  /** Two ports of two addresses: four 4-tuples. */
  async all(doing) {
    const { connections, now, listener } = doing.facts()
    for (const port of TEXTBOOK_PORTS) {
      const first = freeAddress(connections, now, port)
      const second = freeAddress(connections, now, port, Number(first.split('.')[3]) + 1)
      for (const address of [first, second]) {
        const refused = takesIpv4(listener) ? await open(doing, 'all', { from: { address, port } }) : null
        // Where only 127.0.0.1 exists, or for IPv6, any port will do.
        const other = refused?.code.startsWith('E') || !takesIpv4(listener) ? await open(doing, 'all', {}) : refused
        if (other) return other
      }
    }
    return null
  },
}

function openAt(doing: Doing, task: TaskId, host: number, port: number): Promise<Refused | null> {
  const facts = doing.facts()
  if (!takesIpv4(facts.listener)) return open(doing, task, { from: { port } })
  const address = freeAddress(facts.connections, facts.now, port, host)
  return open(doing, task, { from: { address, port } })
}

async function open(
  doing: Doing,
  task: TaskId,
  wish: ClientRequest,
  then: (client: ClientRecord) => void = () => {},
): Promise<Refused | null> {
  const answer = await doing.api.openClient(wish)
  if (answer.ok) {
    const { local: remote, remote: local, connectionId } = answer.body
    doing.own(answer.body)
    doing.tell({ task, kind: 'opened', connectionId, remote, local })
    then(answer.body)
    return null
  }
  // The same 4-tuple again: here the refusal is the expected result.
  const remote = endpoint(wish.from)
  if (task !== 'twice' || !answer.code.startsWith('E') || remote === null) return answer
  const local = { address: wish.to?.address ?? '', port: doing.facts().listener.local.port }
  doing.tell({ task, kind: 'refused', refusal: { code: answer.code, remote, local, at: doing.facts().now } })
  return null
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

function predict(facts: Facts, packet: Packet): { verdict: Verdict; foreseen: number | null } {
  const { verdict, socket } = lookup(packet, demuxSockets(facts))
  return { verdict, foreseen: socket?.connectionId ?? null }
}

function endpoint(from: Partial<Endpoint> | undefined): Endpoint | null {
  return from?.address === undefined || from.port === undefined ? null : { address: from.address, port: from.port }
}

function refusedOf(answer: Answer<unknown>): Refused | null {
  return answer.ok ? null : answer
}
