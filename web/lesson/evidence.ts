import * as v from 'valibot'
import { CLOSE_BY, CLOSE_HOW, TCP_STATES, VERDICTS } from '../../shared/vocabulary.ts'

// The evidence of a step. It is kept in the browser and outlives the server, so its form is checked when it is read.

/** Limit of sockets kept per step. */
export const SOCKETS_MAX = 24

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Word = v.pipe(v.string(), v.maxLength(64))
const State = v.picklist(TCP_STATES)
const EndpointFact = v.strictObject({ address: Word, port: v.pipe(Count, v.maxValue(65_535)) })

const SocketFact = v.strictObject({
  role: v.picklist(['listening', 'connected', 'waiting']),
  /** The connection's id; null for a socket that was not accepted. */
  id: v.nullable(Count),
  local: EndpointFact,
  remote: v.nullable(EndpointFact),
  pid: v.nullable(Count),
  fd: v.nullable(Count),
  /** Null: unknown. 0: no process holds the socket. */
  inode: v.nullable(Count),
  /** The kernel's state; null if it could not be sampled. */
  tcpState: v.nullable(State),
  bytesIn: Count,
  /** The sampled states in order. Unix milliseconds. */
  seen: v.pipe(v.array(v.strictObject({ state: State, at: Count })), v.maxLength(12)),
  /** Who ended the connection first, and how; null while it is open. */
  end: v.nullable(
    v.strictObject({
      by: v.picklist(CLOSE_BY),
      how: v.picklist(CLOSE_HOW),
      at: Count,
    }),
  ),
  /** When the kernel no longer had the socket. */
  forgottenAt: v.nullable(Count),
  /** Unix milliseconds, the server's clock. */
  at: Count,
})

const RefusalFact = v.strictObject({ code: Word, remote: EndpointFact, local: EndpointFact, at: Count })

/** An attempt to open a listening socket; `code`: the kernel's errno, null: it listened. */
const ListenFact = v.strictObject({ local: EndpointFact, code: v.nullable(Word) })

/** A packet whose receiver was predicted and which was then sent. */
const PacketFact = v.strictObject({
  remote: EndpointFact,
  local: EndpointFact,
  syn: v.boolean(),
  verdict: v.picklist(VERDICTS),
  bytes: Count,
  /** The connection predicted by the rules, and the one that received the packet. */
  foreseen: v.nullable(Count),
  got: v.nullable(Count),
})

/** How many addresses of a crowd are kept. */
export const CROWD_ADDRESSES_MAX = 12

/** Very many connections at one moment. */
const CrowdFact = v.strictObject({
  /** Live connections of the crowd, by the server; and those with an ESTABLISHED socket in the kernel, null: not sampled. */
  size: Count,
  kernel: v.nullable(Count),
  addresses: v.pipe(
    v.array(v.strictObject({ address: Word, size: Count, refused: v.nullable(Word) })),
    v.maxLength(CROWD_ADDRESSES_MAX),
  ),
  ports: v.strictObject({ first: Count, last: Count, limited: v.boolean() }),
  room: v.nullable(Count),
})

const Sockets = v.pipe(v.array(SocketFact), v.maxLength(SOCKETS_MAX))

export const Evidence = v.strictObject({
  at: Count,
  /** The server's run. Ids of another run belong to other connections. */
  instance: Word,
  /** `server`: the kernel could not be sampled. */
  witness: v.picklist(['kernel', 'server']),
  listening: SocketFact,
  sockets: Sockets,
  waited: Sockets,
  refusal: v.nullable(RefusalFact),
  packets: v.pipe(v.array(PacketFact), v.maxLength(4)),
  crowd: v.nullable(CrowdFact),
  binds: v.pipe(v.array(ListenFact), v.maxLength(4)),
})

export type Evidence = v.InferOutput<typeof Evidence>
export type SocketFact = v.InferOutput<typeof SocketFact>
export type RefusalFact = v.InferOutput<typeof RefusalFact>
export type ListenFact = v.InferOutput<typeof ListenFact>
export type PacketFact = v.InferOutput<typeof PacketFact>
export type CrowdFact = v.InferOutput<typeof CrowdFact>
