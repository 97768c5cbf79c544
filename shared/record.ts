import type { Connection, Progress } from './schema/connection.ts'

// The field names of a connection, for code that copies, sends or exports all of them. Without TypeBox, because the
// page imports this file. The copies are written out: a loop over the names takes ten times as long, and a flood
// needs thousands of copies a second.

/** The fields that change while a connection is live, in the order in which the listener process sends their values. */
export const PROGRESS_FIELDS = every<Progress>()([
  'bytesIn',
  'bytesOut',
  'bytesWaiting',
  'chunksIn',
  'chunksOut',
  'halfClosedAt',
  'finSentAt',
  'readingPaused',
  'behavior',
  'protocol',
])

export type ProgressField = (typeof PROGRESS_FIELDS)[number]

/** Values in the order of PROGRESS_FIELDS. Sending the names too would multiply the bytes between the two processes. */
export type ProgressValues = ValuesOf<Progress, typeof PROGRESS_FIELDS>

export function packProgress(of: Progress): ProgressValues {
  return [
    of.bytesIn,
    of.bytesOut,
    of.bytesWaiting,
    of.chunksIn,
    of.chunksOut,
    of.halfClosedAt,
    of.finSentAt,
    of.readingPaused,
    of.behavior,
    of.protocol,
  ]
}

export function unpackProgress(values: ProgressValues): Progress {
  const [
    bytesIn,
    bytesOut,
    bytesWaiting,
    chunksIn,
    chunksOut,
    halfClosedAt,
    finSentAt,
    readingPaused,
    behavior,
    protocol,
  ] = values
  return {
    bytesIn,
    bytesOut,
    bytesWaiting,
    chunksIn,
    chunksOut,
    halfClosedAt,
    finSentAt,
    readingPaused,
    behavior,
    protocol,
  }
}

/** The progress of a new connection. */
export const NO_PROGRESS: Progress = Object.freeze(unpackProgress([0, 0, 0, 0, 0, null, null, false, null, null]))

/** Copies only the progress fields of an object. */
export function progressOf(source: Progress): Progress {
  return unpackProgress(packProgress(source))
}

/** The progress with its times moved by `ms` milliseconds. */
export function progressLater(progress: Progress, ms: number): Progress {
  const { halfClosedAt, finSentAt } = progress
  if (ms === 0 || (halfClosedAt === null && finSentAt === null)) return progress
  return { ...progress, halfClosedAt: later(halfClosedAt, ms), finSentAt: later(finSentAt, ms) }
}

/** A time moved by `ms` milliseconds; null stays null. */
export function later(at: number | null, ms: number): number | null {
  return at === null ? null : at + ms
}

/** Copies only the record's fields of an object, in the order of the API. */
export function recordOf(source: Connection): Connection {
  const {
    id,
    family,
    local,
    remote,
    pid,
    fd,
    openedAt,
    lastActivityAt,
    state,
    close,
    kernel,
    sampledStates,
    forgottenAt,
    otherEnd,
    problem,
    actions,
  } = source
  const identity = { id, family, local, remote, pid, fd, openedAt, lastActivityAt }
  const sampled = { kernel, sampledStates, forgottenAt, otherEnd }
  return { ...identity, ...progressOf(source), state, close, ...sampled, problem, actions }
}

/** The state of a connection that has not closed. */
export function liveState({ halfClosedAt }: Pick<Progress, 'halfClosedAt'>): 'open' | 'half-closed' {
  return halfClosedAt === null ? 'open' : 'half-closed'
}

/** When the FINs of a connection arrived or were sent; null: not, or only by the close itself. */
export type Fins = Pick<Progress, 'halfClosedAt' | 'finSentAt'>

/** The FIN of each side. */
export function finsOf({ halfClosedAt, finSentAt }: Fins): { client: number | null; server: number | null } {
  return { client: halfClosedAt, server: finSentAt }
}

/** Whether reading was stopped on request. */
export function readingStopped({ readingPaused }: Pick<Progress, 'readingPaused'>): boolean {
  return readingPaused
}

/** Whether the server has sent FIN while the connection stayed open. */
export function finSent({ finSentAt }: Pick<Progress, 'finSentAt'>): boolean {
  return finSentAt !== null
}

type ValuesOf<T, F extends readonly (keyof T)[]> = { -readonly [I in keyof F]: T[F[I]] }

/** Checks at compile time that the list has every field name of the type. */
function every<T>() {
  return <const F extends readonly (keyof T)[]>(
    fields: F & ([Exclude<keyof T, F[number]>] extends [never] ? unknown : 'a field is missing'),
  ): F => fields
}
