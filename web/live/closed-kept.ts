import { SNAPSHOT_CLOSED } from '../../shared/stream.ts'
import { CLOSED_KEPT } from './table.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'

export interface KeptCounts {
  /** Closed connections that the page has. */
  closed: number
  /** Closed connections that the page does not have. */
  notKept: number
}

/**
 * A count of connections that the page has, and of how many, if it lacks some that have closed.
 * @param held live ones that are counted too
 */
export function keptCount({ closed, notKept }: KeptCounts, held = 0): string {
  const has = formatCount(held + closed)
  return notKept === 0 ? has : messages.live.closedKept.of(has, formatCount(held + closed + notKept))
}

/**
 * How many of the closed connections the page has, and which limit decides it.
 * @param serverKeeps --closed-kept
 * @returns null if the page has all of them
 */
export function closedKeptText({ closed, notKept }: KeptCounts, serverKeeps: number): string | null {
  if (notKept === 0) return null
  const text = messages.live.closedKept
  const count = text.count(formatCount(closed), formatCount(closed + notKept))
  const keeps = formatCount(serverKeeps)
  if (closed >= CLOSED_KEPT) return `${count} ${text.page(formatCount(CLOSED_KEPT))}`
  // A snapshot cannot have more than the server keeps.
  if (serverKeeps < SNAPSHOT_CLOSED) return `${count} ${text.server(keeps)}`
  return `${count} ${text.opening(formatCount(SNAPSHOT_CLOSED), keeps)}`
}
