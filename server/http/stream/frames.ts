import * as changes from '../../../shared/schema/changes.ts'
import { CountersModel } from '../../../shared/schema/listener.ts'
import { liveState } from '../../../shared/record.ts'
import { type Entry, kernelFacts, otherEndFacts, type SampleTimes, toConnection } from '../../table/entry.ts'
import type { Part } from '../../table/job.ts'
import type { ConnectionTable } from '../../table/table.ts'
import { connectionText } from '../schemas/connection-text.ts'
import { serializer } from '../schemas/serializer.ts'

const json = {
  connection: connectionText,
  counters: serializer(CountersModel),
  accept: serializer(changes.AcceptChangeModel),
  data: serializer(changes.DataChangeModel),
  close: serializer(changes.CloseChangeModel),
  evidence: serializer(changes.EvidenceChangeModel),
  action: serializer(changes.ActionChangeModel),
  kernel: serializer(changes.KernelChangeModel),
  otherEnd: serializer(changes.OtherEndChangeModel),
  problem: serializer(changes.ProblemChangeModel),
  refused: serializer(changes.RefusedChangeModel),
}

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

// Inserts only numbers and the output of serializers, so no text gets into a frame without escaping.
function encode(part: Part, table: ConnectionTable, resync: boolean): Buffer {
  const tail = `"counters":${json.counters(table.counters)}}`
  if (part.kind === 'changes') {
    const lines = changeLines(part, table).join(',')
    return Buffer.from(`{"type":"changes","seq":${part.to},"changes":[${lines}],${tail}`)
  }
  const marks = `${resync ? '"resync":true,' : ''}${part.last ? '"last":true,' : ''}`
  const connections = part.entries.map((entry) => json.connection(toConnection(entry, table, part.to))).join(',')
  return Buffer.from(
    `{"type":"snapshot","seq":${part.to},"total":${part.total},"connections":[${connections}],${marks}${tail}`,
  )
}

/** The changes of a part, each as a JSON object. @param sampled null leaves out what was sampled */
export function changeLines({ from, to, entries, refused }: Part, sampled: SampleTimes | null): string[] {
  const lines: string[] = []
  for (const entry of entries) {
    const { id } = entry
    // The record may have changed again since the job was made. A close after `to` belongs to the next job.
    const closes = entry.closeSeq > from && entry.closeSeq <= to
    if (entry.acceptSeq > from) {
      lines.push(json.accept({ kind: 'accept', connection: toConnection(entry, null, entry.acceptSeq) }))
    } else if (entry.dataSeq > from && !closes && entry.closeSeq > to) lines.push(dataLine(entry))
    if (closes) lines.push(closeLine(entry))
    else if (entry.evidenceSeq > from && entry.closeSeq <= from && entry.close !== null) {
      lines.push(json.evidence({ kind: 'evidence', id, close: entry.close }))
    }
    // A later change of the problem belongs to the next job.
    if (entry.problemSeq > from && entry.problemSeq <= to && entry.close === null) {
      lines.push(json.problem({ kind: 'problem', id, problem: entry.problem }))
    }
    for (const { seq, action } of entry.actions) {
      if (seq > from && seq <= to) lines.push(json.action({ kind: 'action', id, action }))
    }
    if (sampled !== null && entry.kernelSeq > from) {
      lines.push(json.kernel({ kind: 'kernel', id, kernel: kernelFacts(entry, sampled) }))
    }
    if (sampled !== null && entry.otherEndSeq > from) {
      lines.push(json.otherEnd({ kind: 'other-end', id, otherEnd: otherEndFacts(entry, sampled) }))
    }
  }
  for (const change of refused) lines.push(json.refused(change))
  return lines
}

function dataLine({ id, lastActivityAt, progress }: Entry): string {
  return json.data({ kind: 'data', id, at: lastActivityAt, state: liveState(progress), ...progress })
}

function closeLine({ id, lastActivityAt, progress, close }: Entry): string {
  if (close === null) throw new Error(`connection ${id} has not closed`)
  return json.close({ kind: 'close', id, at: close.at, close, lastActivityAt, ...progress })
}
