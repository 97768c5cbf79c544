import type { Palette } from './palette.ts'
import { SICK, type Sick, STATUS, type Status } from './status.ts'

/** Marks narrower than this are dots, because shapes cannot be recognized. Width in pixels. */
export const TINY = 6
/** Minimum size of any mark that isn't open, so it stays visible in a crowd. */
const MARK_MIN = 8
/** The triangle is recognized from here on. */
const SICK_MIN = 10
/** From the middle of a dot to the edge of its mark at its smallest, with what sets it apart. */
export const MARK_REACH = SICK_MIN / 2 + 2
/** The kernel's TIME_WAIT. */
export const TIME_WAIT_MS = 60_000

export function markSize(cell: number, status: Status): number {
  const size = Math.min(16, cell * 0.7)
  return status === STATUS.open || size > TINY ? Math.max(1.5, size) : MARK_MIN
}

export function colourOf(status: Status, palette: Palette): string {
  switch (status) {
    case STATUS.open:
    case STATUS.half:
      return palette['ink-2']
    case STATUS.reset:
      return palette.bad
    case STATUS.stopped:
      return palette.ink
    default:
      return palette.over
  }
}

/** The colour of a socket's words. */
export function inkOf(status: Status, sick: Sick, palette: Palette): string {
  return sick === SICK.none ? colourOf(status, palette) : palette.warn
}

interface MarkSpot {
  x: number
  y: number
  size: number
  /** Of a countdown, 0 to 1. */
  left: number
}

/** The mark of a socket: of its problem, or of its status. */
export function drawSocket(
  context: CanvasRenderingContext2D,
  { status, sick }: { status: Status; sick: Sick },
  palette: Palette,
  spot: MarkSpot,
): void {
  if (sick === SICK.none) drawMark(context, status, palette, spot)
  else drawSick(context, sick, palette, { ...spot, size: Math.max(SICK_MIN, spot.size) })
}

/** The list's triangle: filled if bytes don't arrive. */
export function drawSick(
  context: CanvasRenderingContext2D,
  sick: Sick,
  palette: Palette,
  { x, y, size }: Omit<MarkSpot, 'left'>,
): void {
  const r = size / 2
  const filled = sick === SICK.critical
  context.lineJoin = 'round'
  context.lineCap = 'round'
  context.beginPath()
  context.moveTo(x, y - r)
  context.lineTo(x + r, y + r * 0.8)
  context.lineTo(x - r, y + r * 0.8)
  context.closePath()
  // Apart from lines and other marks.
  context.strokeStyle = palette.surface
  context.lineWidth = Math.max(3, size / 4)
  context.stroke()
  context.fillStyle = filled ? palette['warn-mark'] : palette.surface
  context.fill()
  context.strokeStyle = palette['warn-mark']
  context.lineWidth = Math.max(1.2, size / 9)
  context.stroke()
  context.strokeStyle = filled ? palette.surface : palette['warn-mark']
  context.beginPath()
  context.moveTo(x, y - r * 0.3)
  context.lineTo(x, y + r * 0.2)
  context.moveTo(x, y + r * 0.5)
  context.lineTo(x, y + r * 0.52)
  context.stroke()
  context.lineCap = 'butt'
  context.lineJoin = 'miter'
}

/** A shape for each status, so that colour is never the only difference. @param left of a countdown, 0 to 1 */
export function drawMark(
  context: CanvasRenderingContext2D,
  status: Status,
  palette: Palette,
  { x, y, size, left }: MarkSpot,
): void {
  const r = size / 2
  const colour = colourOf(status, palette)
  context.fillStyle = colour
  context.strokeStyle = colour
  context.lineWidth = Math.max(1.2, size / 8)
  switch (status) {
    case STATUS.none:
      return
    case STATUS.open:
      if (size < TINY) context.fillRect(x - r, y - r, size, size)
      else disc(context, x, y, r)
      return
    case STATUS.half:
      ring(context, x, y, r, palette.surface)
      context.beginPath()
      context.arc(x, y, r, -Math.PI / 2, Math.PI / 2)
      context.fill()
      return
    case STATUS.stopped: {
      // Like a player's pause sign: it waits.
      const bar = size * 0.32
      context.fillStyle = palette.surface
      context.fillRect(x - r - 1, y - r - 1, size + 2, size + 2)
      context.fillStyle = colour
      context.fillRect(x - r, y - r, bar, size)
      context.fillRect(x + r - bar, y - r, bar, size)
      return
    }
    case STATUS.closing:
      context.setLineDash([size / 5, size / 6])
      ring(context, x, y, r, palette.surface)
      context.setLineDash([])
      return
    case STATUS.timeWait:
      context.strokeStyle = palette['line-strong']
      ring(context, x, y, r, palette.surface)
      context.strokeStyle = palette['ink-2']
      context.lineWidth = Math.max(1.6, size / 5)
      context.beginPath()
      context.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + left * 2 * Math.PI)
      context.stroke()
      return
    case STATUS.fin:
      ring(context, x, y, r, palette.surface)
      return
    case STATUS.reset:
      context.lineWidth = Math.max(1.6, size / 5)
      context.beginPath()
      context.moveTo(x - r, y - r)
      context.lineTo(x + r, y + r)
      context.moveTo(x + r, y - r)
      context.lineTo(x - r, y + r)
      context.stroke()
  }
}

export function disc(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.beginPath()
  context.arc(x, y, r, 0, 2 * Math.PI)
  context.fill()
}

export function ring(context: CanvasRenderingContext2D, x: number, y: number, r: number, inside: string): void {
  const { fillStyle } = context
  context.beginPath()
  context.arc(x, y, r, 0, 2 * Math.PI)
  context.fillStyle = inside
  context.fill()
  context.fillStyle = fillStyle
  context.stroke()
}
