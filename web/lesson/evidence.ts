import * as v from 'valibot'
import { TCP_STATES } from '../../shared/kernel.ts'

// What a step has seen, as facts that outlive the server: kept in the browser, so their form is checked when they are read.

/** So many sockets tell all that a step has to say. */
export const SOCKETS_MAX = 24

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Word = v.pipe(v.string(), v.maxLength(64))
const State = v.picklist(TCP_STATES)
const EndpointFact = v.strictObject({ address: Word, port: v.pipe(Count, v.maxValue(65_535)) })

const SocketFact = v.strictObject({
  role: v.picklist(['listening', 'connected', 'waiting']),
  /** Of its connection; null for a socket that no accept() has made. */
  id: v.nullable(Count),
  local: EndpointFact,
  remote: v.nullable(EndpointFact),
  pid: v.nullable(Count),
  fd: v.nullable(Count),
  /** Null: not known. 0: no process holds it. */
  inode: v.nullable(Count),
  /** What the kernel said; null where it could not be asked. */
  tcpState: v.nullable(State),
  bytesIn: Count,
  /** In the order in which the kernel was found to say so. Unix milliseconds. */
  seen: v.pipe(v.array(v.strictObject({ state: State, at: Count })), v.maxLength(12)),
  /** Who ended it first, and how; null while it is open. */
  end: v.nullable(
    v.strictObject({
      by: v.picklist(['peer', 'server', 'system']),
      how: v.picklist(['fin', 'reset', 'timeout', 'error']),
    }),
  ),
  /** When the kernel had no such socket any more. */
  forgottenAt: v.nullable(Count),
  /** Unix milliseconds, the server's clock. */
  at: Count,
})

const RefusalFact = v.strictObject({ code: Word, remote: EndpointFact, local: EndpointFact, at: Count })

/** A packet that the rules were asked about, and then really sent. */
const PacketFact = v.strictObject({
  remote: EndpointFact,
  local: EndpointFact,
  syn: v.boolean(),
  verdict: v.picklist(['connected', 'listening', 'time-wait', 'reset']),
  bytes: Count,
  /** The connection that the rules name, and the one that it came to. */
  foreseen: v.nullable(Count),
  got: v.nullable(Count),
})

const Sockets = v.pipe(v.array(SocketFact), v.maxLength(SOCKETS_MAX))

export const Evidence = v.strictObject({
  at: Count,
  /** The server's run: ids of another one are other connections. */
  instance: Word,
  /** `server`: the kernel could not be asked. */
  witness: v.picklist(['kernel', 'server']),
  listening: SocketFact,
  sockets: Sockets,
  waited: Sockets,
  refusal: v.nullable(RefusalFact),
  packets: v.pipe(v.array(PacketFact), v.maxLength(4)),
})

export type Evidence = v.InferOutput<typeof Evidence>
export type SocketFact = v.InferOutput<typeof SocketFact>
export type RefusalFact = v.InferOutput<typeof RefusalFact>
export type PacketFact = v.InferOutput<typeof PacketFact>
