import type { PortEvent } from './event.ts'
import type { Line } from './lines.ts'

/** A row of the view: a line of the log, or one of the events that an unfolded line still has. */
export interface ShownRow {
  key: string
  event: PortEvent
  /** The line, if it stands for many events. */
  fold: Line | null
  unfolded: boolean
  /** One of the events of the line above. */
  inside: boolean
  /** No event, but how many of the line above are kept. Null: an event. */
  keptOf: { kept: number; all: number } | null
}

const EVENT = { unfolded: false, inside: false, keptOf: null }

/** How many events are folded into the line. A flood is none of its events. */
export function foldedIn({ count, event }: Line): number {
  return event.kind === 'flood' ? count - 1 : count
}

function isFold({ count, event }: Line): boolean {
  return count > 1 || event.kind === 'flood'
}

/**
 * The rows to show, newest first.
 * @param lines oldest first
 * @param unfolded the keys of the lines that are unfolded
 * @param matches the filter; null: none. Of a line of which it matches only a part, these events have rows of their own
 */
export function rowsOf(
  lines: readonly Line[],
  unfolded: ReadonlySet<string>,
  matches: ((event: PortEvent) => boolean) | null,
): ShownRow[] {
  return lines.toReversed().flatMap((line) => {
    if (matches === null) return rowsOfLine(line, unfolded)
    const found = line.kept.filter(matches)
    if (found.length === 0) return []
    return found.length === line.kept.length ? rowsOfLine(line, unfolded) : eventsOf(line, found, false)
  })
}

function rowsOfLine(line: Line, unfolded: ReadonlySet<string>): ShownRow[] {
  const key = String(line.key)
  const { event } = line
  if (!isFold(line)) return [{ key, event, fold: null, ...EVENT }]
  const isUnfolded = unfolded.has(key)
  const head: ShownRow = { ...EVENT, key, event, fold: line, unfolded: isUnfolded }
  if (!isUnfolded) return [head]
  const [kept, all] = [line.kept.length, foldedIn(line)]
  const rest: ShownRow[] =
    kept < all ? [{ ...EVENT, key: `${key}-rest`, event, fold: null, keptOf: { kept, all } }] : []
  return [head, ...eventsOf(line, line.kept, true), ...rest]
}

function eventsOf(line: Line, events: readonly PortEvent[], inside: boolean): ShownRow[] {
  return events.map((event) => ({ key: `${line.key}-${event.key}`, event, fold: null, ...EVENT, inside })).toReversed()
}

/** Whether the keyboard can reach the row: it opens a connection, or has events to unfold. */
export function isReachable({ event, fold, keptOf }: ShownRow): boolean {
  if (keptOf !== null) return false
  return fold === null ? event.row !== null && !event.past : fold.kept.length > 0
}
