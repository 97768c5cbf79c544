import { onBend, pointOn, trace } from './line.ts'
import { socketPoint } from './layout.ts'
import { colourOf, disc, drawMark, drawSocket, markSize, ring, TIME_WAIT_MS } from './marks.ts'
import type { Motion } from './motion.ts'
import { DASHES } from './paint-few.ts'
import { sans } from './palette.ts'
import { FADE_MS } from './scene.ts'
import { STATUS } from './status.ts'
import { birthPoint, lineAt, type Drawing } from './view.ts'

export interface Pointed {
  /** The connection of the open panel or under the arrow keys. */
  selected: number | null
  hovered: number | null
  /** The visitor's own connection, and its label. */
  mine: number | null
  you: string
}

/** Draws what moves, fades or is highlighted. @param time of the animation frame @param now the server's clock */
export function paintMoving(
  context: CanvasRenderingContext2D,
  view: Drawing,
  motion: Motion,
  pointed: Pointed,
  time: number,
  now: number,
): void {
  paintEnded(context, view, motion.on, now)
  for (const place of new Set([pointed.selected, pointed.hovered])) {
    if (place !== null && view.scene.rows[place]) paintPointed(context, view, place, place === pointed.selected)
  }
  if (pointed.mine !== null && view.scene.rows[pointed.mine]) paintMine(context, view, pointed.mine, pointed.you)
  paintPulses(context, view, motion, time)
  paintBirths(context, view, motion, time)
}

/** Draws how a socket ended, and TIME_WAIT as a countdown. */
function paintEnded(context: CanvasRenderingContext2D, view: Drawing, fading: boolean, now: number): void {
  const { scene, layout, palette } = view
  const cell = layout.mode === 'few' ? Math.min(24, layout.cell.height) : layout.cell.width
  for (const place of scene.endedPlaces()) {
    const status = scene.statusAt(place)
    const row = scene.rows[place]
    if (!row) continue
    const faded = (now - (scene.endedAt[place] ?? 0)) / FADE_MS
    const stays = status === STATUS.timeWait || status === STATUS.closing
    const alpha = stays || !fading ? 1 : Math.max(0.12, 1 - Math.max(0, faded))
    const endsAt = row.kernel?.timer?.endsAt ?? now
    context.globalAlpha = alpha
    // Dashed curves are expensive: with many sockets only the marks fade.
    if (layout.mode === 'few') {
      context.strokeStyle = colourOf(status, palette)
      context.lineWidth = 1.75
      context.setLineDash(DASHES[status])
      context.beginPath()
      const line = lineAt(view, place)
      trace(context, line)
      context.stroke()
      context.setLineDash([])
      if (status === STATUS.reset) {
        drawMark(context, status, palette, {
          ...pointOn(line, row.close?.by === 'peer' ? 0.2 : 0.8),
          size: 13,
          left: 0,
        })
      }
    }
    drawMark(context, status, palette, {
      ...socketPoint(layout, place),
      size: markSize(cell, status),
      left: Math.max(0, Math.min(1, (endsAt - now) / TIME_WAIT_MS)),
    })
  }
  context.globalAlpha = 1
}

function paintPointed(context: CanvasRenderingContext2D, view: Drawing, place: number, selected: boolean): void {
  const { palette, layout, scene } = view
  context.strokeStyle = palette.ink
  // Its own line must be thicker than the others, which are thick themselves if they are few.
  context.lineWidth = (selected ? 2.5 : 1.75) + (layout.mode === 'few' ? 1 : 0)
  context.beginPath()
  trace(context, lineAt(view, place))
  context.stroke()
  const { x, y } = socketPoint(layout, place)
  const [status, sick] = [scene.statusAt(place), scene.sickAt(place)]
  const size = markSize(layout.mode === 'few' ? 24 : layout.cell.width, status)
  context.lineWidth = 2
  ring(context, x, y, Math.max(6, size / 2 + 4), palette.surface)
  drawSocket(context, { status, sick }, palette, { x, y, size: Math.max(size, 7), left: 1 })
}

/** A ring, and the label on the line before it. */
function paintMine(context: CanvasRenderingContext2D, view: Drawing, place: number, you: string): void {
  const { palette, layout, scene } = view
  const { x, y } = socketPoint(layout, place)
  const r = Math.max(7, markSize(layout.mode === 'few' ? 24 : layout.cell.width, scene.statusAt(place)) / 2 + 5)
  context.strokeStyle = palette.ink
  context.lineWidth = 2.5
  context.beginPath()
  circle(context, x, y, r)
  context.stroke()
  context.font = sans(13, 650)
  const width = context.measureText(you).width + 14
  const left = layout.portrait ? x - width / 2 : x - r - 4 - width
  const top = layout.portrait ? y - r - 22 : y - 9
  context.fillStyle = palette.ink
  context.beginPath()
  context.roundRect(left, top, width, 18, 9)
  context.fill()
  context.fillStyle = palette.surface
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(you, left + width / 2, top + 9.5)
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
}

/** Bytes in transit: filled towards the server, hollow towards the client. */
function paintPulses(context: CanvasRenderingContext2D, view: Drawing, motion: Motion, time: number): void {
  const { palette, layout, scene } = view
  const r = layout.mode === 'few' ? 4.5 : 2.6
  const toServer: number[] = []
  const toClient: number[] = []
  motion.eachPulse(time, ({ place, toServer: up, t }) => {
    if (!scene.rows[place]) return
    const { x, y } = pointOn(lineAt(view, place), up ? t : 1 - t)
    ;(up ? toServer : toClient).push(x, y)
  })
  context.beginPath()
  for (let i = 0; i < toServer.length; i += 2) circle(context, toServer[i] ?? 0, toServer[i + 1] ?? 0, r)
  context.fillStyle = palette.ink
  context.fill()
  context.beginPath()
  for (let i = 0; i < toClient.length; i += 2) circle(context, toClient[i] ?? 0, toClient[i + 1] ?? 0, r - 0.4)
  context.fillStyle = palette.surface
  context.fill()
  context.strokeStyle = palette.ink
  context.lineWidth = layout.mode === 'few' ? 1.8 : 1.3
  context.stroke()
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x + r, y)
  context.arc(x, y, r, 0, 2 * Math.PI)
}

/** A new socket moves from the listening socket, which stays, to its own place. */
function paintBirths(context: CanvasRenderingContext2D, view: Drawing, motion: Motion, time: number): void {
  const { layout, palette, scene } = view
  const from = birthPoint(layout)
  for (const place of motion.travelling(time).going) {
    const t = motion.birth(place, time)
    if (t === null || !scene.rows[place]) continue
    const eased = 1 - (1 - t) ** 3
    const to = socketPoint(layout, place)
    const { x, y } = onBend(from, to, layout.portrait, eased)
    context.strokeStyle = palette['ink-2']
    context.globalAlpha = 0.5 * (1 - t)
    context.lineWidth = 2
    context.beginPath()
    context.moveTo(from.x, from.y)
    for (let step = 1; step <= 12; step++) {
      const at = onBend(from, to, layout.portrait, (eased * step) / 12)
      context.lineTo(at.x, at.y)
    }
    context.stroke()
    context.globalAlpha = 1
    context.fillStyle = palette['ink-2']
    disc(context, x, y, layout.mode === 'few' ? 8 : 5)
  }
}
