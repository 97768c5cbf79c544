import type { Change, ServerFrame } from '../../../shared/stream.ts'
import { liveState } from '../../../shared/record.ts'
import { type Entry, kernelFacts, otherEndFacts, type SampleTimes, toConnection } from '../../table/entry.ts'
import type { Part } from '../../table/job.ts'
import type { ConnectionTable } from '../../table/table.ts'

/** The encoded frame of each part, shared by all readers that get this part. */
const encoded = new WeakMap<Part, Buffer>()

/** Encodes a `snapshot` or `changes` frame (docs/protocol.md) as UTF-8. */
export function partFrame(part: Part, table: ConnectionTable, resync: boolean): Buffer {
  if (resync && part.first) return encode(part, table, true)
  let frame = encoded.get(part)
  if (frame === undefined) {
    frame = encode(part, table, false)
    encoded.set(part, frame)
  }
  return frame
}

// One JSON.stringify writes the whole frame, and escapes all text. Serializers compiled from the schema need four times the CPU
// time, because they make a string for each field, which then has to be joined and collected.
function encode(part: Part, table: ConnectionTable, resync: boolean): Buffer {
  return Buffer.from(JSON.stringify(toFrame(part, table, resync)))
}

function toFrame(part: Part, table: ConnectionTable, resync: boolean): ServerFrame {
  const { to: seq } = part
  const { counters } = table
  if (part.kind === 'changes') return { type: 'changes', seq, changes: changesOf(part, table), counters }
  return {
    type: 'snapshot',
    seq,
    total: part.total,
    connections: part.entries.map((entry) => toConnection(entry, table, seq)),
    ...(resync ? { resync } : {}),
    ...(part.last ? { last: true } : {}),
    counters,
  }
}

/** The changes of a part. @param sampled null leaves out what was sampled */
export function changesOf({ from, to, entries, refused }: Part, sampled: SampleTimes | null): Change[] {
  const changes: Change[] = []
  for (const entry of entries) {
    const { id } = entry
    // The record may have changed again since the job was made. A close after `to` belongs to the next job.
    const closes = entry.closeSeq > from && entry.closeSeq <= to
    if (entry.acceptSeq > from) {
      changes.push({ kind: 'accept', connection: toConnection(entry, null, entry.acceptSeq) })
    } else if (entry.dataSeq > from && !closes && entry.closeSeq > to) changes.push(dataOf(entry))
    if (closes) changes.push(closeOf(entry))
    else if (entry.evidenceSeq > from && entry.closeSeq <= from && entry.close !== null) {
      changes.push({ kind: 'evidence', id, close: entry.close })
    }
    // A later change of the problem belongs to the next job.
    if (entry.problemSeq > from && entry.problemSeq <= to && entry.close === null) {
      changes.push({ kind: 'problem', id, problem: entry.problem })
    }
    for (const { seq, action } of entry.actions) {
      if (seq > from && seq <= to) changes.push({ kind: 'action', id, action })
    }
    if (sampled !== null && entry.kernelSeq > from) {
      changes.push(kernelOf(entry, sampled, from))
    }
    if (sampled !== null && entry.otherEndSeq > from) {
      changes.push({ kind: 'other-end', id, otherEnd: otherEndFacts(entry, sampled) })
    }
  }
  changes.push(...refused)
  return changes
}

/** Without the states if the reader has them: a queue changes far more often. */
function kernelOf(entry: Entry, sampled: SampleTimes, from: number): Change {
  const { id, forgottenAt, sampledStates, statesSeq } = entry
  const change: Change = { kind: 'kernel', id, kernel: kernelFacts(entry, sampled), forgottenAt }
  return statesSeq > from ? { ...change, sampledStates } : change
}

function dataOf({ id, lastActivityAt, progress }: Entry): Change {
  return { kind: 'data', id, at: lastActivityAt, state: liveState(progress), ...progress }
}

function closeOf({ id, lastActivityAt, progress, close }: Entry): Change {
  if (close === null) throw new Error(`connection ${id} has not closed`)
  return { kind: 'close', id, at: close.at, close, lastActivityAt, ...progress }
}
