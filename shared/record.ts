import type { Connection, Progress } from './schema/connection.ts'

// The names of a connection's fields, for code that copies, sends or exports all of them. No TypeBox here: the page imports this.
// The copies are written out, since a loop over the names takes ten times as long, and a flood makes thousands of them a second.

/** What changes while a connection is live, in the order in which the listener process sends the values. */
export const PROGRESS_FIELDS = every<Progress>()([
  'bytesIn',
  'bytesOut',
  'chunksIn',
  'chunksOut',
  'halfClosedAt',
  'finSentAt',
  'readingPaused',
  'protocol',
])

export type ProgressField = (typeof PROGRESS_FIELDS)[number]

/** The values of PROGRESS_FIELDS without their names, which would be most of the bytes between the two processes. */
export type ProgressValues = ValuesOf<Progress, typeof PROGRESS_FIELDS>

export function packProgress(progress: Progress): ProgressValues {
  const { bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol } = progress
  return [bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol]
}

export function unpackProgress(values: ProgressValues): Progress {
  const [bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol] = values
  return { bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol }
}

/** Of a connection that nothing has happened to yet. */
export const NO_PROGRESS: Progress = Object.freeze(unpackProgress([0, 0, 0, 0, null, null, false, null]))

/** A connection's progress alone, out of anything that has it. */
export function progressOf(source: Progress): Progress {
  return unpackProgress(packProgress(source))
}

/** The record alone, out of anything that has it, with the fields in the order in which the API sends them. */
export function recordOf(source: Connection): Connection {
  const { id, family, local, remote, pid, fd, openedAt, lastActivityAt, state, close, kernel, actions } = source
  const identity = { id, family, local, remote, pid, fd, openedAt, lastActivityAt }
  return { ...identity, ...progressOf(source), state, close, kernel, actions }
}

/** The state of a connection that has not closed. */
export function liveState({ halfClosedAt }: Pick<Progress, 'halfClosedAt'>): 'open' | 'half-closed' {
  return halfClosedAt === null ? 'open' : 'half-closed'
}

type ValuesOf<T, F extends readonly (keyof T)[]> = { -readonly [I in keyof F]: T[F[I]] }

/** A list of all field names of a type: the compiler refuses one with a name missing. */
function every<T>() {
  return <const F extends readonly (keyof T)[]>(
    fields: F & ([Exclude<keyof T, F[number]>] extends [never] ? unknown : 'a field is missing'),
  ): F => fields
}
