import type { Mode } from './places.ts'

/** CSS pixels from the picture's top left corner. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

export interface PictureLayout {
  width: number
  height: number
  mode: Mode
  capacity: number
  /** Clients above and sockets below, instead of left and right. */
  portrait: boolean
  clients: Box
  /** The port: it contains the listening socket and the gate to the connected sockets. */
  port: Box
  listening: Box
  /** The gate that every line passes. */
  gate: Box
  sockets: Box
  /** Columns of sockets. Those nearest to the port fill first. */
  columns: number
  perColumn: number
  cell: { width: number; height: number }
  /** Clients' lines: one per connection if there are few, otherwise one per address. */
  clientLine: { columns: number; height: number; room: number }
}

const MARGIN = 16
const HEADING = 34
const PORT_HEADING = 46
const LISTENING_HEIGHT = 134
const PORTRAIT_BELOW = 640
/** Largest height of a socket with text. */
const TALL = 84
const GROUP_LINE = 26
/** With clients above, each text column leaves this much room for the lines of clients farther away. */
export const GUTTER = 14
/** Below the port, lines run straight down past the heading before they spread. */
const STRAIGHT = 46
const PARTING = 50
const DOT_CELL = 30

export function layoutFor(of: { width: number; height: number; mode: Mode; capacity: number }): PictureLayout {
  return of.width < PORTRAIT_BELOW ? portrait(of) : landscape(of)
}

function landscape({ width, height, mode, capacity }: Parameters<typeof layoutFor>[0]): PictureLayout {
  const middle = Math.min(330, Math.max(230, width * 0.21))
  const left = Math.min(330, width * (mode === 'few' ? 0.23 : 0.2))
  const rest = width - middle - left
  const gap = Math.min(170, Math.max(30, mode === 'few' ? rest * 0.2 - 45 : rest * 0.16 - 30))
  const port: Box = { x: MARGIN + left + gap, y: 14, width: middle, height: height - 28 }
  const listening: Box = { x: port.x + 10, y: port.y + PORT_HEADING, width: middle - 20, height: LISTENING_HEIGHT }
  const top = listening.y + listening.height + 24
  const below = port.y + port.height - 14 - top
  const gateHeight = Math.min(below, mode === 'few' ? Math.max(130, capacity * 18) : below)
  const gate: Box = { x: port.x, y: top + (below - gateHeight) / 2, width: middle, height: gateHeight }
  const body = { y: HEADING, height: height - HEADING - MARGIN }
  const right = port.x + port.width + gap
  const sockets: Box = { ...body, x: right, width: width - right - MARGIN }
  const clients: Box = { ...body, x: MARGIN, width: left }
  const standing = mode === 'few' ? writtenOut(sockets, capacity, 1, false) : dotted(sockets, capacity, false)
  const lines = mode === 'few' ? capacity : Math.max(2, Math.floor(body.height / GROUP_LINE))
  return {
    ...{ width, height, mode, capacity, portrait: false, clients, port, listening, gate },
    ...standing,
    clientLine: {
      columns: 1,
      height: mode === 'few' ? standing.cell.height : Math.min(34, body.height / lines),
      room: lines,
    },
  }
}

function portrait({ width, height, mode, capacity }: Parameters<typeof layoutFor>[0]): PictureLayout {
  const inner = width - 2 * MARGIN
  const clientColumns = mode === 'few' && capacity <= 4 ? 1 : 2
  const room = mode === 'many' ? 12 : capacity
  const lineHeight = capacity > 16 && mode === 'few' ? 24 : 26
  const clientsHeight = Math.ceil(room / clientColumns) * lineHeight
  const clients: Box = { x: MARGIN, y: HEADING - 4, width: inner, height: clientsHeight }
  const port: Box = { x: MARGIN - 6, y: clients.y + clientsHeight + 46, width: inner + 12, height: 196 }
  const half = inner * 0.56
  const listening: Box = { x: MARGIN + 4, y: port.y + 40, width: half, height: port.height - 50 }
  const gate: Box = {
    x: listening.x + half + 16,
    y: port.y,
    width: port.x + port.width - 12 - listening.x - half - 16,
    height: port.height,
  }
  const top = port.y + port.height + STRAIGHT + PARTING
  const sockets: Box = { x: MARGIN, y: top, width: inner, height: Math.max(120, height - top - 12) }
  const standing =
    mode === 'few' ? writtenOut(sockets, capacity, capacity <= 4 ? 1 : 2, true) : dotted(sockets, capacity, true)
  return {
    ...{ width, height, mode, capacity, portrait: true, clients, port, listening, gate },
    ...standing,
    clientLine: { columns: clientColumns, height: lineHeight, room },
  }
}

type Standing = Pick<PictureLayout, 'sockets' | 'columns' | 'perColumn' | 'cell'>

/** Few sockets: with text, as tall as possible. */
function writtenOut(box: Box, capacity: number, columns: number, portrait: boolean): Standing {
  const perColumn = Math.ceil(capacity / columns)
  const cell = { width: box.width / columns, height: Math.min(TALL, box.height / perColumn) }
  const height = perColumn * cell.height
  const y = portrait ? box.y : box.y + (box.height - height) / 2
  return { sockets: { ...box, y, height }, columns, perColumn, cell }
}

/** Many sockets: evenly spaced dots, on whole pixels where a fraction would be visible. */
function dotted(box: Box, capacity: number, portrait: boolean): Standing {
  let side = DOT_CELL
  while (side > 1 && Math.floor(box.width / side) * Math.floor(box.height / side) < capacity) side--
  // More dots than the screen has pixels.
  if (side === 1) side = Math.min(1, Math.sqrt((box.width * box.height) / capacity) * 0.97)
  const [across, down] = [Math.floor(box.width / side), Math.floor(box.height / side)]
  const columns = portrait ? across : Math.ceil(capacity / down)
  const perColumn = portrait ? Math.ceil(capacity / across) : down
  const [width, height] = [columns * side, perColumn * side]
  const y = portrait ? box.y : box.y + (box.height - height) / 2
  return { sockets: { x: box.x, y, width, height }, columns, perColumn, cell: { width: side, height: side } }
}

/** Where words fit that stand in place of the clients: between the heading and the port. */
export function wordsBox({ clients, port, portrait }: PictureLayout): Box {
  const { x } = clients
  const y = clients.y + 10
  const [width, bottom] = portrait
    ? [clients.width, port.y - 10]
    : [Math.min(330, port.x - MARGIN - x), clients.y + clients.height]
  return { x, y, width, height: bottom - y }
}

export interface Cell {
  column: number
  line: number
}

export function cellAt({ columns, perColumn, portrait }: PictureLayout, place: number): Cell {
  return portrait
    ? { column: place % columns, line: Math.floor(place / columns) }
    : { column: Math.floor(place / perColumn), line: place % perColumn }
}

/** @returns null where there is no cell */
export function placeAt({ columns, perColumn, portrait }: PictureLayout, { column, line }: Cell): number | null {
  if (column < 0 || line < 0 || column >= columns || line >= perColumn) return null
  return portrait ? line * columns + column : column * perColumn + line
}

/** Cells within this distance around a cell. */
export function placesAround(layout: PictureLayout, { column, line }: Cell, reach: number): number[] {
  const places: number[] = []
  for (let c = column - reach; c <= column + reach; c++) {
    for (let l = line - reach; l <= line + reach; l++) {
      const place = placeAt(layout, { column: c, line: l })
      if (place !== null) places.push(place)
    }
  }
  return places
}

export function cellBox(layout: PictureLayout, place: number): Box {
  const { sockets, cell } = layout
  const { column, line } = cellAt(layout, place)
  return { x: sockets.x + column * cell.width, y: sockets.y + line * cell.height, ...cell }
}

/** Where a socket's line ends: at its mark. */
export function socketPoint(layout: PictureLayout, place: number): Point {
  const box = cellBox(layout, place)
  if (layout.mode === 'many') return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  return layout.portrait
    ? { x: box.x + GUTTER + 9, y: box.y + Math.min(16, box.height / 2) }
    : { x: box.x + 8, y: box.y + box.height / 2 }
}

/** Where a client's line begins. @param lines total number of lines; a few are centred */
export function clientBox(
  { clients, clientLine: { columns, height }, mode }: PictureLayout,
  line: number,
  lines: number,
): Box {
  const width = clients.width / columns
  const rows = Math.ceil(lines / columns)
  const top = clients.y + (columns === 1 ? Math.max(0, clients.height - rows * height) / 2 : 0)
  const [row, column] = mode === 'few' && columns === 1 ? [line, 0] : [Math.floor(line / columns), line % columns]
  return { x: clients.x + column * width, y: top + row * height, width, height }
}

export function clientPoint(layout: PictureLayout, line: number, lines: number): Point {
  const { x, y, width, height } = clientBox(layout, line, lines)
  return { x: x + width - (layout.portrait ? GUTTER : 0), y: y + height / 2 }
}

/**
 * In portrait, the point where a client's line leaves the clients' area at the bottom. It is in the gutter right of the
 * client's column, so the line doesn't cross the text. Lines of upper rows are farther right, so lines don't overlap.
 */
export function clientTurn(layout: PictureLayout, line: number, lines: number): Point {
  const { clients, clientLine, portrait } = layout
  if (!portrait) return clientPoint(layout, line, lines)
  const { x, width } = clientBox(layout, line, lines)
  const below = Math.ceil(lines / clientLine.columns) - 1 - Math.floor(line / clientLine.columns)
  const apart = Math.min(3, (GUTTER - 6) / Math.ceil(lines / clientLine.columns))
  return { x: x + width - GUTTER + 5 + below * apart, y: clients.y + clients.height }
}

/**
 * In portrait with few sockets, the point where a socket's line enters the sockets' area at the top. It is in the gutter
 * left of the socket's column, so the line doesn't cross marks or text. Lines of lower rows are farther left, so lines
 * don't overlap.
 */
export function socketTurn(layout: PictureLayout, place: number): Point {
  const { sockets, cell, portrait, mode, perColumn } = layout
  if (!portrait || mode === 'many') return socketPoint(layout, place)
  const { column, line } = cellAt(layout, place)
  const apart = Math.min(3, (GUTTER - 4) / perColumn)
  return { x: sockets.x + column * cell.width + GUTTER - 3 - line * apart, y: sockets.y }
}

/** Straight distance that lines keep behind the gate. */
export function gateEnd({ gate, portrait }: PictureLayout): number {
  return portrait ? gate.y + gate.height + STRAIGHT : gate.x + gate.width
}

/** Position of a line along the gate, in the order of the sockets, so that lines cross only before the port. 0 to 1 */
export function gateShare(layout: PictureLayout, place: number): number {
  const { columns, perColumn, portrait, mode } = layout
  const { column, line } = cellAt(layout, place)
  if (mode === 'few') return (column * perColumn + line + 0.5) / (columns * perColumn)
  return portrait ? (column + 0.5) / columns : (line + 0.5) / perColumn
}
