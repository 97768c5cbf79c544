import { gateEnd, gateShare, type PictureLayout, type Point } from './layout.ts'

/** A connection's line: from its client straight through the port to its own socket. */
export interface Line {
  client: Point
  /** Where the line leaves the clients; equals the client if nothing is in its way. */
  leaves: Point
  entry: Point
  exit: Point
  /** Where the line enters the sockets; equals the socket if nothing is in its way. */
  comes: Point
  socket: Point
  portrait: boolean
}

type Ends = Pick<Line, 'client' | 'leaves' | 'comes' | 'socket'>

export function lineOf(layout: PictureLayout, place: number, ends: Ends): Line {
  const { gate, portrait } = layout
  const share = gateShare(layout, place)
  const inset = portrait ? 0 : Math.min(12, gate.height / 8)
  const y = gate.y + inset + share * (gate.height - 2 * inset)
  const x = gate.x + share * gate.width
  return portrait
    ? { ...ends, entry: { x, y: gate.y }, exit: { x, y: gateEnd(layout) }, portrait }
    : { ...ends, entry: { x: gate.x, y }, exit: { x: gateEnd(layout), y }, portrait }
}

type Path = Pick<CanvasPath, 'moveTo' | 'lineTo' | 'bezierCurveTo' | 'arcTo'>

/** The tangents of both bends follow the line's direction, so the three parts join smoothly. */
function bend(from: Point, to: Point, portrait: boolean): [Point, Point] {
  const [dx, dy] = portrait ? [0, (to.y - from.y) / 2] : [(to.x - from.x) / 2, 0]
  return [
    { x: from.x + dx, y: from.y + dy },
    { x: to.x - dx, y: to.y - dy },
  ]
}

export function trace(path: Path, { client, leaves, entry, exit, comes, socket, portrait }: Line): void {
  path.moveTo(client.x, client.y)
  turn(path, { x: leaves.x, y: client.y }, leaves)
  curve(path, leaves, entry, portrait)
  path.lineTo(exit.x, exit.y)
  curve(path, exit, comes, portrait)
  turn(path, { x: comes.x, y: socket.y }, socket)
}

function turn(path: Path, corner: Point, to: Point): void {
  path.arcTo(corner.x, corner.y, to.x, to.y, 4)
  path.lineTo(to.x, to.y)
}

export function curve(path: Path, from: Point, to: Point, portrait: boolean): void {
  const [a, b] = bend(from, to, portrait)
  path.bezierCurveTo(a.x, a.y, b.x, b.y, to.x, to.y)
}

const LEFT = 0.1
const GATE_FROM = 0.38
const GATE_TO = 0.62
const CAME = 0.9

/** @param t 0 at the client, 1 at the socket */
export function pointOn({ client, leaves, entry, exit, comes, socket, portrait }: Line, t: number): Point {
  const left = client === leaves || client.y === leaves.y ? 0 : LEFT
  const came = socket === comes || socket.y === comes.y ? 1 : CAME
  if (t < left) return between({ x: leaves.x, y: client.y }, leaves, t / left)
  if (t > came) return between(comes, { x: comes.x, y: socket.y }, (t - came) / (1 - came))
  if (t < GATE_FROM) return onBend(leaves, entry, portrait, (t - left) / (GATE_FROM - left))
  if (t > GATE_TO) return onBend(exit, comes, portrait, (t - GATE_TO) / (came - GATE_TO))
  return between(entry, exit, (t - GATE_FROM) / (GATE_TO - GATE_FROM))
}

function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
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
