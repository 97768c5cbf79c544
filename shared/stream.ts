export type { Change, RefusedChange, SkippedChange } from './schema/changes.ts'
export type {
  AliveFrame,
  ChangesFrame,
  ClassFrame,
  CounterSample,
  ErrorFrame,
  HelloFrame,
  KernelFrame,
  ListenerFrame,
  ServerFrame,
  SnapshotFrame,
} from './schema/frames.ts'
export type { AcceptQueue, KernelState, UnmatchedSocket } from './schema/kernel.ts'
export type { Counters, Listener } from './schema/listener.ts'
export type { Behavior, ListenerState, RefusedWhy } from './vocabulary.ts'

/** The WebSocket subprotocol of `/ws`. */
export const SUBPROTOCOL = 'oneport.v1'
export const PROTOCOL = 1

/** How many closed connections a snapshot contains, newest first, in addition to all live ones. */
export const SNAPSHOT_CLOSED = 200

/** How many samples a new dashboard gets for its charts, one per second. */
export const HISTORY_SECONDS = 180

/** Interval of `alive` frames. */
export const ALIVE_MS = 5_000

/** Limit of unmatched sockets listed in a `kernel` frame; the others are only counted. */
export const UNMATCHED_MAX = 200
