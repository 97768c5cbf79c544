import type { KernelState, Listener } from '../../shared/stream.ts'
import { isWaiting } from '../../shared/kernel.ts'
import type { Row } from '../live/row.ts'
import {
  clientBox,
  clientPoint,
  clientTurn,
  socketPoint,
  socketTurn,
  type Box,
  type PictureLayout,
  type Point,
} from './layout.ts'
import { lineOf, type Line } from './line.ts'
import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'

export interface Names {
  nameOf(connection: number): string | null
  nameAt(address: string): string | null
}

/** Everything one drawing depends on. */
export interface Drawing {
  scene: Scene
  layout: PictureLayout
  palette: Palette
  listener: Listener
  kernel: KernelState | null
  /** By place: the line of each client if clients have text. */
  clientLines: readonly number[]
  /** Null: every row matches. */
  matches: ((row: Row) => boolean) | null
  /** The highlighted client address; others are dimmed. */
  address: string | null
  /** The students who own a connection, or the connections of an address; null if nobody does. */
  names: Names
}

/** Groups clients of the same address, in order of first appearance. */
export function orderClients(scene: Scene): number[] {
  const byAddress = new Map<string, number[]>()
  for (const address of scene.groups.all.keys()) byAddress.set(address, [])
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (row) byAddress.get(scene.groupOf(row).address)?.push(place)
  }
  const lines: number[] = []
  let line = 0
  for (const places of byAddress.values()) for (const place of places) lines[place] = line++
  return lines
}

/** Visible client lines; the last one may stand for all other addresses. */
export function linesShown({ scene, layout }: Drawing): number {
  if (layout.mode === 'few') return layout.capacity
  const { lines } = scene.groups
  return scene.groups.all.size > lines.length ? layout.clientLine.room : lines.length
}

function clientLineOf({ scene, layout, clientLines }: Drawing, place: number): number {
  if (layout.mode === 'few') return clientLines[place] ?? 0
  const row = scene.rows[place]
  const line = row ? scene.groupOf(row).line : -1
  return line >= 0 ? line : layout.clientLine.room - 1
}

export function clientBoxOf(view: Drawing, place: number): Box {
  return clientBox(view.layout, clientLineOf(view, place), linesShown(view))
}

export function lineAt(view: Drawing, place: number): Line {
  const { layout } = view
  const [line, lines] = [clientLineOf(view, place), linesShown(view)]
  return lineOf(layout, place, {
    client: clientPoint(layout, line, lines),
    leaves: clientTurn(layout, line, lines),
    comes: socketTurn(layout, place),
    socket: socketPoint(layout, place),
  })
}

export function isDim({ matches, address, scene }: Drawing, row: Row): boolean {
  return (matches !== null && !matches(row)) || (address !== null && scene.groupOf(row).address !== address)
}

export function waitingSockets({ kernel }: Pick<Drawing, 'kernel'>) {
  return kernel?.unmatched.filter(isWaiting) ?? []
}

/** Where a new socket leaves the listening socket. */
export function birthPoint({ listening, portrait }: PictureLayout): Point {
  return portrait
    ? { x: listening.x + listening.width / 2, y: listening.y + listening.height }
    : { x: listening.x + listening.width, y: listening.y + listening.height / 2 }
}

const RING = 15

/** Sockets in the accept queue, side by side under the gauge. */
export function waitingPoint({ listening }: PictureLayout, index: number): Point {
  return { x: listening.x + 18 + index * RING, y: listening.y + listening.height - 14 }
}

export function waitingRoom({ listening }: PictureLayout): number {
  return Math.floor((listening.width - 24) / RING)
}
