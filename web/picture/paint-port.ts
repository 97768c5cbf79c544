import { formatEndpoint } from '../../shared/endpoint.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { disc, ring } from './marks.ts'
import { mono, sans } from './palette.ts'
import { describeListening, fittedStart, fittingFont } from './text.ts'
import { type Drawing, waitingPoint, waitingRoom, waitingSockets } from './view.ts'

/** Draws the port: its number, the listening socket with its queue, and the gate. */
export function paintPort(context: CanvasRenderingContext2D, view: Drawing): void {
  const { layout, palette, listener } = view
  const { port, portrait, gate } = layout
  context.beginPath()
  context.roundRect(port.x, port.y, port.width, port.height, 14)
  context.fillStyle = palette.surface
  context.fill()
  context.globalAlpha = 0.07
  context.fillStyle = palette.port
  context.fill()
  context.globalAlpha = 1
  context.lineWidth = 2.5
  context.strokeStyle = palette.port
  context.stroke()

  context.fillStyle = palette.port
  context.textBaseline = 'middle'
  context.textAlign = portrait ? 'left' : 'center'
  context.font = sans(portrait ? 20 : 26, 700)
  context.fillText(
    messages.picture.port(listener.local.port),
    portrait ? port.x + 14 : port.x + port.width / 2,
    port.y + (portrait ? 22 : 25),
  )
  context.textAlign = 'left'

  // The gate, open on both sides.
  context.globalAlpha = 0.1
  if (portrait) context.fillRect(gate.x, gate.y + 1, gate.width, gate.height - 2)
  else context.fillRect(gate.x + 1, gate.y, gate.width - 2, gate.height)
  context.globalAlpha = 1
  paintListening(context, view)
}

function paintListening(context: CanvasRenderingContext2D, view: Drawing): void {
  const { layout, palette, listener } = view
  const { x, y, width, height } = layout.listening
  const inner = width - 24
  const { title, detail } = describeListening(listener)
  const closed = listener.state === 'stopping'
  context.beginPath()
  context.roundRect(x, y, width, height, 9)
  context.fillStyle = palette['surface-raised']
  if (!closed) context.fill()
  context.lineWidth = 1.5
  context.strokeStyle = closed ? palette['line-strong'] : palette.ink
  // Nothing but its place is left.
  context.setLineDash(closed ? [5, 4] : [])
  context.stroke()
  context.setLineDash([])

  const left = x + 12
  context.fillStyle = palette.ink
  const heading = (size: number) => sans(size, 650)
  // The mark of the state is beside it.
  const room = inner - 12
  context.font = fittingFont(context, title, { width: room, most: 15, least: 11, font: heading })
  context.fillText(fittedStart(context, title, room), left, y + 19)
  const titleWidth = context.measureText(title).width
  context.font = sans(13)
  context.fillStyle = palette['ink-2']
  const state = messages.ports.listener.state[listener.state]
  const stateWidth = context.measureText(state).width
  if (titleWidth + stateWidth + 32 <= inner) {
    const at = x + width - 12 - stateWidth
    context.fillText(state, at, y + 19)
    paintState(context, view, at - 10, y + 19)
  } else paintState(context, view, x + width - 14, y + 14)
  const line = (text: string, at: number, font: (size: number) => string) => {
    context.font = fittingFont(context, text, { width: inner, most: 13, least: 11, font })
    context.fillText(fittedStart(context, text, inner), left, at)
  }
  line(detail, y + 38, sans)
  if (closed) return
  line(formatEndpoint(listener.local), y + 59, mono)
  const facts: string[] = []
  if (listener.fd !== null) facts.push(messages.picture.fd(String(listener.fd)))
  if (listener.inode !== null) facts.push(messages.picture.inode(String(listener.inode)))
  context.font = mono(11)
  const apart = layout.portrait && context.measureText(facts.join(' · ')).width > inner
  for (const [index, text] of (apart ? facts : [facts.join(' · ')]).entries()) line(text, y + 77 + index * 15, mono)
  paintQueue(context, view, left, y + height - 38, inner)
}

function paintState(context: CanvasRenderingContext2D, { palette, listener }: Drawing, x: number, y: number): void {
  context.lineWidth = 1.5
  if (listener.state === 'accepting') {
    context.fillStyle = palette['ink-2']
    disc(context, x, y, 4)
  } else {
    context.strokeStyle = listener.state === 'down' ? palette.bad : palette.half
    ring(context, x, y, 4, palette['surface-raised'])
  }
  context.fillStyle = palette['ink-2']
}

function paintQueue(context: CanvasRenderingContext2D, view: Drawing, x: number, y: number, width: number): void {
  const { palette, layout } = view
  const queue = view.kernel?.acceptQueue ?? null
  const full = queue !== null && queue.length >= queue.limit
  context.fillStyle = full ? palette.bad : palette.ink
  const words = queue
    ? messages.picture.queue(formatCount(queue.length), formatCount(queue.limit))
    : messages.picture.queueUnknown
  context.font = fittingFont(context, words, {
    ...{ width, most: 13, least: 10.5 },
    font: (size) => sans(size, queue !== null && queue.length > 0 ? 650 : 500),
  })
  context.fillText(fittedStart(context, words, width), x, y)
  const waiting = waitingSockets(view)
  const room = waitingRoom(layout)
  if (waiting.length === 0) {
    // Draws empty places, to show what a client would wait in.
    context.strokeStyle = palette['line-strong']
    context.lineWidth = 1
    context.beginPath()
    context.roundRect(x, y + 13, width, 11, 5.5)
    context.stroke()
    return
  }
  context.strokeStyle = full ? palette.bad : palette['ink-2']
  context.lineWidth = 1.6
  context.setLineDash([3, 2])
  for (const [index] of waiting.slice(0, room).entries()) {
    const point = waitingPoint(layout, index)
    ring(context, point.x, point.y, 5.5, palette['surface-raised'])
  }
  context.setLineDash([])
}
