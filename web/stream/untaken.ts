import type { Connection } from '../../shared/connection.ts'
import { untaken } from '../../shared/untaken.ts'
import { formatBytes, formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import type { Chunk } from './followed.ts'

/** Which of the server's bytes the kernel has not taken. */
export interface Untaken {
  /** Where they begin in the stream. */
  from: number
  bytes: number
  /** Whether they may still be sent. */
  state: 'live' | 'closed'
}

/** Null: the kernel has taken all bytes. */
export function untakenOf(record: Pick<Connection, 'bytesOut' | 'bytesWaiting' | 'close'>): Untaken | null {
  const { from, bytes } = untaken(record)
  return bytes === 0 ? null : { from, bytes, state: record.close === null ? 'live' : 'closed' }
}

/** What to say about all of them. */
export function untakenNotice({ from, bytes, state }: Untaken): string {
  return messages.stream.untaken[state](formatBytes(bytes), formatCount(from))
}

/** The words for a part of a chunk. Null: the kernel has taken the whole part, or the chunk is newer than the record. */
export function untakenWords(
  { direction, offset, end }: Pick<Chunk, 'direction' | 'offset' | 'end'>,
  untaken: Untaken | null,
) {
  if (untaken === null || direction === 'in' || end <= untaken.from || offset >= untaken.from + untaken.bytes)
    return null
  return messages.stream.untaken.row[untaken.state]
}
