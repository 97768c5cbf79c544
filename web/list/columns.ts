import { tcpRank } from './tcp-states.ts'
import type { Row } from '../live/row.ts'

export type ColumnId =
  | 'id'
  | 'remote'
  | 'local'
  | 'state'
  | 'kernel'
  | 'age'
  | 'idle'
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
  { id: 'age', key: (row, now) => row.ageMs(now), volatile: true, numeric: true },
  // A closed connection is not idle; it sorts last.
  { id: 'idle', key: (row, now) => row.idleMs(now) ?? -1, volatile: true, numeric: true },
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

export type ColumnLayoutName = 'full' | 'wide' | 'medium' | 'narrow' | 'compact'

/** Narrow tables have fewer columns; in the last layout a row has two lines. Heights in pixels. */
export interface ColumnLayout {
  name: ColumnLayoutName
  minWidth: number
  rowHeight: number
  columns: readonly ColumnId[]
}

const ALL = COLUMNS.map((column) => column.id)

const LAYOUTS: readonly ColumnLayout[] = [
  { name: 'full', minWidth: 1384, rowHeight: 34, columns: ALL },
  { name: 'wide', minWidth: 1203, rowHeight: 34, columns: ALL.filter((id) => !id.startsWith('chunks')) },
  {
    name: 'medium',
    minWidth: 944,
    rowHeight: 34,
    columns: ['id', 'remote', 'local', 'state', 'kernel', 'age', 'bytesIn', 'bytesOut'],
  },
  {
    name: 'narrow',
    minWidth: 820,
    rowHeight: 34,
    columns: ['id', 'remote', 'local', 'state', 'kernel', 'bytesIn', 'bytesOut'],
  },
  {
    name: 'compact',
    minWidth: 0,
    rowHeight: 60,
    columns: ['id', 'remote', 'state', 'kernel', 'bytesIn', 'bytesOut', 'age'],
  },
]

/** @param width of the table in pixels */
export function layoutFor(width: number): ColumnLayout {
  const layout = LAYOUTS.find((candidate) => width >= candidate.minWidth)
  if (!layout) throw new Error(`no layout for a width of ${width}`)
  return layout
}
