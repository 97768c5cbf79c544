import {
  type Box,
  type Cell,
  cellAt,
  cellBox,
  clientBox,
  type PictureLayout,
  placeAt,
  placesAround,
  type Point,
  socketPoint,
} from './layout.ts'
import { clientBoxOf, linesShown, type Drawing, waitingPoint, waitingRoom, waitingSockets } from './view.ts'

export type Hit =
  | { kind: 'socket'; place: number }
  | { kind: 'address'; address: string }
  | { kind: 'waiting'; index: number }
  | { kind: 'listening' }

/** Distance in pixels at which a pointer still hits a dot. */
const NEAR = 12

/** Finds what is at this point of the picture. */
export function hitAt(view: Drawing, point: Point): Hit | null {
  const { layout } = view
  if (inside(layout.listening, point)) {
    const waiting = Math.min(waitingSockets(view).length, waitingRoom(layout))
    for (let index = 0; index < waiting; index++) {
      const { x, y } = waitingPoint(layout, index)
      if (Math.hypot(point.x - x, point.y - y) <= 8) return { kind: 'waiting', index }
    }
    return { kind: 'listening' }
  }
  const place = layout.mode === 'few' ? fewAt(view, point) : dotAt(view, point)
  if (place !== null) return { kind: 'socket', place }
  return layout.mode === 'many' ? addressAt(view, point) : null
}

function inside({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height
}

function fewAt(view: Drawing, point: Point): number | null {
  for (let place = 0; place < view.scene.end; place++) {
    if (!view.scene.rows[place]) continue
    if (inside(cellBox(view.layout, place), point) || inside(clientBoxOf(view, place), point)) return place
  }
  return null
}

/** Finds the nearest dot, because dots may be smaller than a pointer can hit. */
function dotAt({ scene, layout }: Drawing, point: Point): number | null {
  const { sockets, cell } = layout
  const under = {
    column: Math.floor((point.x - sockets.x) / cell.width),
    line: Math.floor((point.y - sockets.y) / cell.height),
  }
  let best: number | null = null
  let bestDistance = Math.max(NEAR, cell.width * 0.75)
  for (const place of placesAround(layout, under, Math.ceil(NEAR / cell.width))) {
    if (!scene.rows[place]) continue
    const { x, y } = socketPoint(layout, place)
    const distance = Math.hypot(x - point.x, y - point.y)
    if (distance < bestDistance) [best, bestDistance] = [place, distance]
  }
  return best
}

function addressAt(view: Drawing, point: Point): Hit | null {
  const lines = linesShown(view)
  for (let line = 0; line < lines; line++) {
    const group = view.scene.groups.lines[line]
    if (group && inside(clientBox(view.layout, line, lines), point)) return { kind: 'address', address: group.address }
  }
  return null
}

export type ArrowDirection = 'up' | 'down' | 'left' | 'right'

const STEPS: Record<ArrowDirection, Cell> = {
  up: { column: 0, line: -1 },
  down: { column: 0, line: 1 },
  left: { column: -1, line: 0 },
  right: { column: 1, line: 0 },
}

/** The next socket in that direction; at the end of a column or row it continues in the next one. @param wanted skips all others */
export function neighbour(
  layout: PictureLayout,
  from: number | null,
  direction: ArrowDirection,
  wanted: (place: number) => boolean,
): number | null {
  const { columns, perColumn } = layout
  const step = STEPS[direction]
  const forwards = step.column + step.line > 0
  let cell = from === null ? { column: 0, line: 0 } : cellAt(layout, from)
  if (from === null && wanted(0)) return 0
  for (let tries = columns * perColumn; tries > 0; tries--) {
    cell = { column: cell.column + step.column, line: cell.line + step.line }
    if (cell.line < 0 || cell.line >= perColumn)
      cell = { column: cell.column + step.line, line: forwards ? 0 : perColumn - 1 }
    else if (cell.column < 0 || cell.column >= columns)
      cell = { column: forwards ? 0 : columns - 1, line: cell.line + step.column }
    const place = placeAt(layout, cell)
    if (place === null) return null
    if (wanted(place)) return place
  }
  return null
}
