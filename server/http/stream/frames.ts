import { familyOf } from '../../../shared/endpoint.ts'
import { liveState } from '../../../shared/record.ts'
import type { Entry } from '../../table/entry.ts'
import type { Part } from '../../table/job.ts'
import type { ConnectionTable } from '../../table/table.ts'

// Records are encoded by hand. A flood writes tens of thousands per second, and JSON.stringify of a new object for each
// took three times as long. Only addresses and words of our own are inserted without escaping; JSON.stringify encodes
// the rest.

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

function encode(part: Part, table: ConnectionTable, resync: boolean): Buffer {
  const tail = `"counters":${JSON.stringify(table.counters)}}`
  if (part.kind === 'changes') {
    return Buffer.from(
      `{"type":"changes","seq":${part.to},"changes":[${changeLines(part, table.kernelSampledAt).join(',')}],${tail}`,
    )
  }
  const marks = `${resync ? '"resync":true,' : ''}${part.last ? '"last":true,' : ''}`
  const connections = part.entries
    .map((entry) => connectionJson(entry, part.to, kernelJson(entry, table.kernelSampledAt)))
    .join(',')
  return Buffer.from(
    `{"type":"snapshot","seq":${part.to},"total":${part.total},"connections":[${connections}],${marks}${tail}`,
  )
}

/** The changes of a part, each as a JSON object. @param kernelSampledAt null leaves out kernel changes */
export function changeLines({ from, to, entries, refused }: Part, kernelSampledAt: number | null): string[] {
  const lines: string[] = []
  for (const entry of entries) {
    // The record may have changed again since the job was made. A close after `to` belongs to the next job.
    const closes = entry.closeSeq > from && entry.closeSeq <= to
    if (entry.acceptSeq > from)
      lines.push(`{"kind":"accept","connection":${connectionJson(entry, entry.acceptSeq, 'null')}}`)
    else if (entry.dataSeq > from && !closes && entry.closeSeq > to) lines.push(dataJson(entry))
    if (closes) lines.push(closeJson(entry))
    for (const { seq, action } of entry.actions) {
      if (seq > from && seq <= to) lines.push(`{"kind":"action","id":${entry.id},"action":${JSON.stringify(action)}}`)
    }
    if (kernelSampledAt !== null && entry.kernelSeq > from) {
      lines.push(`{"kind":"kernel","id":${entry.id},"kernel":${kernelJson(entry, kernelSampledAt)}}`)
    }
  }
  for (const change of refused) lines.push(JSON.stringify(change))
  return lines
}

function kernelJson({ kernel }: Entry, sampledAt: number): string {
  return kernel === null ? 'null' : JSON.stringify({ sampledAt, ...kernel })
}

function connectionJson(entry: Entry, seq: number, kernel: string): string {
  const closed = entry.closeSeq <= seq
  const { local, remote } = entry
  return (
    `{"id":${entry.id},"family":${familyOf(local.address)},` +
    `"local":{"address":"${local.address}","port":${local.port}},` +
    `"remote":{"address":"${remote.address}","port":${remote.port}},` +
    `"pid":${entry.pid},"fd":${closed ? null : entry.fd},"openedAt":${entry.openedAt},` +
    `"lastActivityAt":${entry.lastActivityAt},${progressJson(entry)},` +
    `"state":"${closed ? 'closed' : liveState(entry.progress)}","close":${closed ? JSON.stringify(entry.close) : null},` +
    `"kernel":${kernel},"actions":${actionsJson(entry, seq)}}`
  )
}

function dataJson(entry: Entry): string {
  return (
    `{"kind":"data","id":${entry.id},"at":${entry.lastActivityAt},"state":"${liveState(entry.progress)}",` +
    `${progressJson(entry)}}`
  )
}

function closeJson(entry: Entry): string {
  const close = JSON.stringify(entry.close)
  return (
    `{"kind":"close","id":${entry.id},"at":${entry.close?.at ?? 0},"close":${close},` +
    `"lastActivityAt":${entry.lastActivityAt},${progressJson(entry)}}`
  )
}

function progressJson(entry: Entry): string {
  const { bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol } = entry.progress
  return (
    `"bytesIn":${bytesIn},"bytesOut":${bytesOut},"chunksIn":${chunksIn},"chunksOut":${chunksOut},` +
    `"halfClosedAt":${halfClosedAt},"finSentAt":${finSentAt},"readingPaused":${readingPaused},` +
    `"protocol":${protocol === null ? 'null' : JSON.stringify(protocol)}`
  )
}

/** The actions up to `seq`; later ones follow as changes. */
function actionsJson({ actions }: Entry, seq: number): string {
  if (actions.length === 0) return '[]'
  return JSON.stringify(actions.filter((acted) => acted.seq <= seq).map(({ action }) => action))
}
