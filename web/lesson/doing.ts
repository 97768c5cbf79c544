import type { ClientRecord, ClientRequest } from '../../shared/client.ts'
import { lookup, type Packet, type Verdict } from '../../shared/demux.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import type { Answer, Api, Refused } from '../live/api.ts'
import { demuxSockets, type Facts, type Tried } from './facts.ts'
import type { TaskId } from './steps.ts'

// What the tasks' buttons have in common.

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
export type Action = (doing: Doing) => Promise<Refused | null>

const HELLO = 'hello, port\n'

/** Opens a client. @param then what to do with it */
export async function open(
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

/** Predicts which of these clients' connections gets a packet of one of them, by the kernel's table, and then sends it. */
export async function sendFrom(
  doing: Doing,
  task: TaskId,
  clients: readonly ClientRecord[],
  sender: number,
): Promise<Refused | null> {
  const client = clients[sender]
  if (client === undefined) return null
  const ids = new Set(clients.map(({ connectionId }) => connectionId))
  const known = () => doing.facts().connections.filter(({ id, close }) => ids.has(id) && close === null)
  await doing.until(
    ({ kernel }) => known().length === clients.length && known().every((row) => kernel === null || row.kernel),
  )
  const packet = { remote: client.local, local: client.remote, syn: false }
  const predicted = predict(doing.facts(), packet)
  const before = known().map(({ id, bytesIn }) => ({ id, bytesIn }))
  const answer = await doing.api.send(client.id, HELLO)
  if (!answer.ok) return answer
  doing.tell({ task, kind: 'packet', packet: { ...packet, ...predicted, bytes: answer.body.bytes, got: null }, before })
  return null
}

/** Predicts which socket gets a SYN from this endpoint, and then sends it: a client connects from there. */
export async function knock(
  doing: Doing,
  task: TaskId,
  ends: { remote: Endpoint; local: Endpoint },
): Promise<Refused | null> {
  const facts = doing.facts()
  const packet = { ...ends, syn: true }
  const predicted = predict(facts, packet)
  const before = facts.connections.map(({ id, bytesIn }) => ({ id, bytesIn }))
  const refused = await open(doing, task, { from: ends.remote, to: { address: ends.local.address } })
  if (refused) return refused
  doing.tell({ task, kind: 'packet', packet: { ...packet, ...predicted, bytes: 0, got: null }, before })
  return null
}

/** Opens as many clients at once as fit, up to `count`. */
export async function openCrowd(doing: Doing, task: TaskId, count: number): Promise<Refused | null> {
  // Other pages may be in this step too, and leave it.
  const key = `lesson-${Math.random().toString(36).slice(2)}`
  doing.ownCrowd(key)
  const answer = await doing.api.openCrowd(count, key)
  if (!answer.ok) return answer
  // The person may have left the step meanwhile.
  doing.ownCrowd(key)
  doing.tell({ task, kind: 'crowd', crowd: answer.body })
  return null
}

function predict(facts: Facts, packet: Packet): { verdict: Verdict; foreseen: number | null } {
  const { verdict, socket } = lookup(packet, demuxSockets(facts))
  return { verdict, foreseen: socket?.connectionId ?? null }
}

function endpoint(from: Partial<Endpoint> | undefined): Endpoint | null {
  return from?.address === undefined || from.port === undefined ? null : { address: from.address, port: from.port }
}

/** @returns the refusal; null: it was done */
export function refusedOf(answer: Answer<unknown>): Refused | null {
  return answer.ok ? null : answer
}
