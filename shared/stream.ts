import type { Action } from './action.ts'
import type { Close, Connection, ConnectionState, Progress } from './connection.ts'
import type { Endpoint } from './endpoint.ts'
import type { Agreement, DropCounters, KernelFacts, KernelSocket, ListeningSocketFacts } from './kernel.ts'
import type { Language } from './language.ts'
import type { PayloadFrame } from './payload.ts'

/** The WebSocket subprotocol of `/ws`. */
export const SUBPROTOCOL = 'oneport.v1'
export const PROTOCOL = 1

/** How many of the newest closed connections a snapshot holds beside every live one. */
export const SNAPSHOT_CLOSED = 200

/** Totals over the life of the server; they never go down, except `live`. */
export interface Counters {
  accepted: number
  live: number
  closed: number
  refused: number
  bytesIn: number
  bytesOut: number
}

export type Behavior = 'echo' | 'discard' | 'chargen' | 'silent'

/** `accepting`; `paused` on request; `down` because of a fault, which `fault` tells in words. */
export type ListenerState = 'accepting' | 'paused' | 'down'

export interface AcceptQueue {
  length: number
  limit: number
}

/** The listening socket, as `GET /api/listener` and the `hello` frame give it. */
export interface Listener {
  local: Endpoint
  family: 4 | 6
  /** True when the one socket serves IPv4 and IPv6 clients. */
  dualStack: boolean
  /** The listener process, null while there is none. */
  pid: number | null
  fd: number | null
  inode: number | null
  state: ListenerState
  fault: string | null
  /** Nothing has been heard of the listener process for some seconds: it has been stopped, or hangs, and serves nobody. */
  unresponsive: boolean
  behavior: Behavior
  /** Newcomers are told their 4-tuple first. */
  greeting: boolean
  greetingLanguage: Language
  /** Unix milliseconds since when the port is open. */
  since: number
  /** How often the listener process has been started again after it died. */
  restarts: number
  backlog: number
  maxConnections: number
  /** What the listener process may have of descriptors; null where the system sets no limit. */
  descriptorLimit: number | null
  acceptQueue: AcceptQueue | null
  /**
   * In a container: the address of its gateway. If every client has this address, a proxy such as Docker's stands
   * between them and the port and hides where they come from.
   */
  containerGateway: string | null
  counters: Counters
}

export interface AcceptChange {
  kind: 'accept'
  connection: Connection
}

/** Totals so far, not differences; changes that wait for a frame are merged. */
export interface DataChange extends Progress {
  kind: 'data'
  id: number
  at: number
  state: ConnectionState
}

export interface CloseChange extends Progress {
  kind: 'close'
  id: number
  at: number
  close: Close
  lastActivityAt: number
}

export interface RefusedChange {
  kind: 'refused'
  at: number
  local: Endpoint
  remote: Endpoint
  why: RefusedWhy
}

/** `max-connections`: the limit is reached. `behind`: the control process cannot keep up with the accepts. */
export type RefusedWhy = 'max-connections' | 'behind'

/** What the kernel says of a live connection's socket, or of a closed one's that it has not forgotten; null when it has. */
export interface KernelChange {
  kind: 'kernel'
  id: number
  kernel: (KernelFacts & { sampledAt: number }) | null
}

/** Something was done to a connection, which may be closed by now; each one comes once. */
export interface ActionChange {
  kind: 'action'
  id: number
  action: Action
}

export type Change = AcceptChange | DataChange | CloseChange | RefusedChange | KernelChange | ActionChange

/** `/api/events` only: this many changes were dropped, because the reader fell behind. */
export interface SkippedChange {
  kind: 'skipped'
  count: number
}

export interface HelloFrame {
  type: 'hello'
  protocol: number
  /** A UUID: a new one means a new server, whose ids start again. */
  instance: string
  version: string
  /** The server's clock, Unix milliseconds: ages are reckoned from it, not from the browser's. */
  now: number
  /** Every write of this reader is refused: `--read-only`, or the join link. */
  readOnly: boolean
  /** It came with the token of the join link. */
  joined: boolean
  /** The reader's own IP address as the server sees it, or that of a proxy between them. */
  readerAddress: string | null
  listener: Listener
  /** What happened before this reader came, oldest first. */
  history: CounterSample[]
  kernel: KernelState
}

export interface SnapshotFrame {
  type: 'snapshot'
  seq: number
  /** How many connections all snapshot frames of this sync hold together. */
  total: number
  connections: Connection[]
  /** On the first frame of a snapshot that replaces what this reader held. */
  resync?: true
  last?: true
  counters: Counters
}

export interface ChangesFrame {
  type: 'changes'
  seq: number
  changes: Change[]
  counters: Counters
}

/** The totals as they stood at `at`. */
export type CounterSample = Pick<Counters, 'accepted' | 'closed' | 'bytesIn' | 'bytesOut'> & { at: number }

/** How far back a new dashboard can draw its charts: this many samples, one a second. */
export const HISTORY_SECONDS = 180

/** The listening socket's own facts have changed: state, process, descriptor. */
export interface ListenerFrame {
  type: 'listener'
  listener: Listener
}

/** Sent every ALIVE_MS, so that a dashboard can tell a quiet port from a link that has died without a word. */
export interface AliveFrame {
  type: 'alive'
  /** The server's clock, Unix milliseconds. */
  now: number
}

export const ALIVE_MS = 5_000

/** A look at the kernel's table of the port: once a second, or more often while it is small. */
export interface KernelFrame {
  type: 'kernel'
  kernel: KernelState
}

/** What the kernel says of the port as a whole, the connections' own facts apart. */
export interface KernelState {
  available: boolean
  /** In words, when it is not available, or when facts are missing from it. */
  reason: string | null
  source: 'sock_diag' | 'proc' | null
  sampledAt: number | null
  /** How long the kernel took to answer. */
  tookMs: number | null
  agreement: Agreement
  /** How many of `agreement.onlyKernel` are in TIME_WAIT: they are nobody's, and no record could agree with them. */
  timeWait: number
  acceptQueue: AcceptQueue | null
  /** Every listening socket on this port number, other programs' included. */
  listeners: ListeningSocketFacts[]
  drops: DropCounters | null
  /** Sockets that are no live connection's: waiting to be accepted, or past their close. The first UNMATCHED_MAX of them. */
  unmatched: UnmatchedSocket[]
}

export interface UnmatchedSocket extends KernelSocket {
  /** The closed connection whose socket it was, while that is remembered. */
  connectionId: number | null
}

/** More of them are only counted, by `agreement.onlyKernel`. */
export const UNMATCHED_MAX = 200

export interface ErrorFrame {
  type: 'error'
  code: string
  message: string
}

export type ServerFrame =
  | HelloFrame
  | SnapshotFrame
  | ChangesFrame
  | ListenerFrame
  | KernelFrame
  | AliveFrame
  | PayloadFrame
  | ErrorFrame
