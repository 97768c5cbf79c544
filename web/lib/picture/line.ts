import { gateShare, type Layout, type Point } from './layout.ts'

/** A connection's way: from its client straight through the port to its own socket. */
export interface Line {
  client: Point
  entry: Point
  exit: Point
  socket: Point
  portrait: boolean
}

export function lineOf(layout: Layout, place: number, client: Point, socket: Point): Line {
  const { gate, portrait } = layout
  const share = gateShare(layout, place)
  const inset = portrait ? 0 : Math.min(12, gate.height / 8)
  const y = gate.y + inset + share * (gate.height - 2 * inset)
  const x = gate.x + share * gate.width
  return portrait
    ? { client, entry: { x, y: gate.y }, exit: { x, y: gate.y + gate.height }, socket, portrait }
    : { client, entry: { x: gate.x, y }, exit: { x: gate.x + gate.width, y }, socket, portrait }
}

type Path = Pick<CanvasPath, 'moveTo' | 'lineTo' | 'bezierCurveTo'>

/** The tangents of a bend lie along the way, so that the three parts join smoothly. */
function bend(from: Point, to: Point, portrait: boolean): [Point, Point] {
  const [dx, dy] = portrait ? [0, (to.y - from.y) / 2] : [(to.x - from.x) / 2, 0]
  return [
    { x: from.x + dx, y: from.y + dy },
    { x: to.x - dx, y: to.y - dy },
  ]
}

export function trace(path: Path, { client, entry, exit, socket, portrait }: Line): void {
  path.moveTo(client.x, client.y)
  curve(path, client, entry, portrait)
  path.lineTo(exit.x, exit.y)
  curve(path, exit, socket, portrait)
}

export function curve(path: Path, from: Point, to: Point, portrait: boolean): void {
  const [a, b] = bend(from, to, portrait)
  path.bezierCurveTo(a.x, a.y, b.x, b.y, to.x, to.y)
}

const GATE_FROM = 0.38
const GATE_TO = 0.62

/** @param t 0 at the client, 1 at the socket */
export function pointOn({ client, entry, exit, socket, portrait }: Line, t: number): Point {
  if (t < GATE_FROM) return onBend(client, entry, portrait, t / GATE_FROM)
  if (t > GATE_TO) return onBend(exit, socket, portrait, (t - GATE_TO) / (1 - GATE_TO))
  const share = (t - GATE_FROM) / (GATE_TO - GATE_FROM)
  return { x: entry.x + (exit.x - entry.x) * share, y: entry.y + (exit.y - entry.y) * share }
}

export function onBend(from: Point, to: Point, portrait: boolean, t: number): Point {
  const [a, b] = bend(from, to, portrait)
  const u = 1 - t
  const [w0, w1, w2, w3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
  return {
    x: w0 * from.x + w1 * a.x + w2 * b.x + w3 * to.x,
    y: w0 * from.y + w1 * a.y + w2 * b.y + w3 * to.y,
  }
}
