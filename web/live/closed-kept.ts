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

/** What the server keeps. */
export interface ServerKeeps {
  /** How many closed connections the server keeps and the page lacks; null if there may be some. */
  older: number | null
  listener: { closedKept: number } | null
}

/**
 * How many of the closed connections the page has, and whether the server keeps more.
 * @returns null if the page has all of them
 */
export function closedKeptText({ closed, notKept }: KeptCounts, { older, listener }: ServerKeeps): string | null {
  if (notKept === 0) return null
  const text = messages.live.closedKept
  const count = text.count(formatCount(closed), formatCount(closed + notKept))
  if (closed >= CLOSED_KEPT) return `${count} ${text.page(formatCount(CLOSED_KEPT))}`
  if (older === 0) return `${count} ${text.server(formatCount(listener?.closedKept ?? 0))}`
  return `${count} ${older === null ? text.someOlder : text.older(formatCount(older))}`
}
