import { problemRank } from '../../shared/diagnosis.ts'
import { tcpRank } from './tcp-states.ts'
import type { Row } from '../live/row.ts'
import type { Show } from '../nav/address.ts'

export type ColumnId =
  | 'id'
  | 'remote'
  | 'local'
  | 'state'
  | 'kernel'
  | 'problem'
  | 'recvQueue'
  | 'sendQueue'
  | 'age'
  | 'idle'
  | 'closedAt'
  | 'bytesIn'
  | 'bytesOut'
  | 'chunksIn'
  | 'chunksOut'
  | 'rate'

export interface Column {
  id: ColumnId
  /** The sort key; equal keys are ordered by id. @param now Unix milliseconds */
  key: (row: Row, now: number) => number | string
  /** True if the order changes over time without any change of the rows. */
  volatile: boolean
  /** Numbers are right-aligned and sort from the largest first. */
  numeric: boolean
}

const STATE_RANK = { open: 0, 'half-closed': 1, closed: 2 }

export const COLUMNS: readonly Column[] = [
  { id: 'id', key: (row) => row.id, volatile: false, numeric: true },
  { id: 'remote', key: (row) => row.remoteKey, volatile: false, numeric: false },
  { id: 'local', key: (row) => row.localKey, volatile: false, numeric: false },
  { id: 'state', key: (row) => STATE_RANK[row.state], volatile: true, numeric: false },
  { id: 'kernel', key: (row) => tcpRank(row.kernel?.tcpState), volatile: true, numeric: false },
  // Ties are ordered by id, so this is: problems first, then the newest.
  { id: 'problem', key: (row) => problemRank(row.problem), volatile: false, numeric: true },
  { id: 'recvQueue', key: (row) => row.kernel?.recvQueue ?? -1, volatile: true, numeric: true },
  { id: 'sendQueue', key: (row) => row.kernel?.sendQueue ?? -1, volatile: true, numeric: true },
  { id: 'age', key: (row, now) => row.ageMs(now), volatile: true, numeric: true },
  // A closed connection is not idle; it sorts last.
  { id: 'idle', key: (row, now) => row.idleMs(now) ?? -1, volatile: true, numeric: true },
  // A live connection sorts last.
  { id: 'closedAt', key: (row) => row.close?.at ?? -1, volatile: true, numeric: true },
  { id: 'bytesIn', key: (row) => row.bytesIn, volatile: true, numeric: true },
  { id: 'bytesOut', key: (row) => row.bytesOut, volatile: true, numeric: true },
  { id: 'chunksIn', key: (row) => row.chunksIn, volatile: true, numeric: true },
  { id: 'chunksOut', key: (row) => row.chunksOut, volatile: true, numeric: true },
  { id: 'rate', key: (row, now) => row.rate(now), volatile: true, numeric: true },
]

export function columnOf(id: ColumnId): Column {
  const column = COLUMNS.find((candidate) => candidate.id === id)
  if (!column) throw new Error(`no such column: ${id}`)
  return column
}

export interface Sort {
  column: ColumnId
  descending: boolean
}

export const PROBLEMS_FIRST: Sort = { column: 'problem', descending: true }

/** A column's id, with `-` for descending, as in the API. @returns undefined if there is no such column */
export function readSort(text: string): Sort | undefined {
  const descending = text.startsWith('-')
  const column = COLUMNS.find(({ id }) => id === text.slice(descending ? 1 : 0))
  return column && { column: column.id, descending }
}

/** @returns null for the order that a list begins with */
export function writeSort({ column, descending }: Sort): string | null {
  const text = `${descending ? '-' : ''}${column}`
  return text === '-problem' ? null : text
}

export type ColumnLayoutName = 'full' | 'wide' | 'medium' | 'small' | 'narrow' | 'compact'

/** Narrow tables have fewer columns; in the last layout a row has two lines. Heights in pixels. */
export interface ColumnLayout {
  name: ColumnLayoutName
  minWidth: number
  rowHeight: number
  columns: readonly ColumnId[]
  /** While only closed connections are listed. */
  closed: readonly ColumnId[]
}

/** In pixels. */
const ROW = 28
const ROW_OF_TWO_LINES = 56

const without = (columns: readonly ColumnId[], ...ids: ColumnId[]): ColumnId[] =>
  columns.filter((id) => !ids.includes(id))
/** Only one of the two times applies to a connection, so they share their place. */
const ofClosed = (columns: readonly ColumnId[]): ColumnId[] => columns.map((id) => (id === 'idle' ? 'closedAt' : id))
const ALL = without(
  COLUMNS.map((column) => column.id),
  'closedAt',
)
const WIDE = without(ALL, 'chunksIn', 'chunksOut', 'rate')
const MEDIUM = without(WIDE, 'age')
const SMALL = without(MEDIUM, 'bytesIn', 'bytesOut')

const NARROW = without(SMALL, 'state')

const LAYOUTS: readonly ColumnLayout[] = [
  { name: 'full', minWidth: 1716, rowHeight: ROW, columns: ALL, closed: ofClosed(ALL) },
  { name: 'wide', minWidth: 1400, rowHeight: ROW, columns: WIDE, closed: ofClosed(WIDE) },
  { name: 'medium', minWidth: 1240, rowHeight: ROW, columns: MEDIUM, closed: ofClosed(MEDIUM) },
  { name: 'small', minWidth: 980, rowHeight: ROW, columns: SMALL, closed: ofClosed(SMALL) },
  {
    name: 'narrow',
    minWidth: 700,
    rowHeight: ROW,
    columns: NARROW,
    closed: ['id', 'remote', 'local', 'kernel', 'state', 'closedAt'],
  },
  {
    name: 'compact',
    minWidth: 0,
    rowHeight: ROW_OF_TWO_LINES,
    columns: ['problem', 'id', 'remote', 'state', 'kernel', 'bytesIn', 'bytesOut', 'age'],
    closed: ['closedAt', 'id', 'remote', 'state', 'kernel', 'bytesIn', 'bytesOut'],
  },
]

/** @param width of the table in pixels */
export function layoutFor(width: number): ColumnLayout {
  const layout = LAYOUTS.find((candidate) => width >= candidate.minWidth)
  if (!layout) throw new Error(`no layout for a width of ${width}`)
  return layout
}

export function columnsOf({ columns, closed }: ColumnLayout, show: Show): readonly ColumnId[] {
  return show === 'closed' ? closed : columns
}
