export type { Change, RefusedChange, SkippedChange } from './schema/changes.ts'
export type {
  AliveFrame,
  ChangesFrame,
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

/** How many of the newest closed connections a snapshot holds, besides every live one. */
export const SNAPSHOT_CLOSED = 200

/** How far back a new dashboard can draw its charts: this many samples, one a second. */
export const HISTORY_SECONDS = 180

/** How often an `alive` frame is sent. */
export const ALIVE_MS = 5_000

/** Sockets without a live connection listed in a `kernel` frame; further ones are only counted. */
export const UNMATCHED_MAX = 200
