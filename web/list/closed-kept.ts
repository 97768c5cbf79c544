import { SNAPSHOT_CLOSED } from '../../shared/stream.ts'
import { CLOSED_KEPT } from '../live/table.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'

export interface KeptCounts {
  /** Closed connections that the page has. */
  closed: number
  /** Closed connections that the page does not have. */
  notKept: number
}

/**
 * How many of the closed connections the page has, and which limit decides it.
 * @param serverKeeps --closed-kept
 * @returns null if the page has all of them
 */
export function closedKeptText({ closed, notKept }: KeptCounts, serverKeeps: number): string | null {
  if (notKept === 0) return null
  const text = messages.list.closedKept
  const count = text.count(formatCount(closed), formatCount(closed + notKept))
  const keeps = formatCount(serverKeeps)
  if (closed >= CLOSED_KEPT) return `${count} ${text.page(formatCount(CLOSED_KEPT))}`
  // A snapshot cannot have more than the server keeps.
  if (serverKeeps < SNAPSHOT_CLOSED) return `${count} ${text.server(keeps)}`
  return `${count} ${text.opening(formatCount(SNAPSHOT_CLOSED), keeps)}`
}
