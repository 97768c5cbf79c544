import { formatEndpoint, isUnknownEndpoint, type Endpoint } from '../../shared/endpoint.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'
import { cellBox, GUTTER, socketPoint, type Box } from './layout.ts'
import { trace } from './line.ts'
import { colourOf, drawSocket, inkOf, markSize, ring } from './marks.ts'
import { mono, sans } from './palette.ts'
import { isLive, SICK, STATUS, type Status } from './status.ts'
import { fitted, fittedStart, fittingFont, wordsOf } from './text.ts'
import { clientBoxOf, isDim, lineAt, type Drawing } from './view.ts'

const DIM = 0.22
/** Width of a JetBrains Mono character, relative to the font size. */
const MONO_ADVANCE = 0.6
const OVER = 0.55
/** Radius of the ring for the client's own socket. Pixels. */
const CLIENT_SOCKET = 4.5
/** A narrower box has room for the endpoint only. Pixels. */
const NAME_BOX_MIN = 240

/** Few connections: each line, and both its ends with text. */
export function paintFew(
  context: CanvasRenderingContext2D,
  view: Drawing,
  now: number,
  hidden: (place: number) => boolean,
): void {
  const { scene } = view
  context.textBaseline = 'middle'
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (!row) continue
    const status = scene.statusAt(place)
    if (isLive(status) && !hidden(place)) paintLine(context, view, place, status, row)
  }
  paintAddresses(context, view)
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (!row) continue
    const status = scene.statusAt(place)
    context.globalAlpha = isDim(view, row) ? DIM : isLive(status) ? 1 : OVER
    paintClient(context, view, clientBoxOf(view, place), row)
    paintName(context, view, clientBoxOf(view, place), row)
    if (isLive(status) && !hidden(place)) paintClientSocket(context, view, place)
    if (!hidden(place)) paintSocket(context, view, place, row, status, now)
  }
  context.globalAlpha = 1
}

/** Half-closed and not-reading look different. */
export const DASHES: Record<Status, number[]> = {
  [STATUS.none]: [],
  [STATUS.open]: [],
  [STATUS.half]: [9, 5],
  [STATUS.stopped]: [2, 5],
  [STATUS.closing]: [4, 6],
  [STATUS.timeWait]: [3, 6],
  [STATUS.fin]: [3, 6],
  [STATUS.reset]: [3, 6],
}

function paintLine(context: CanvasRenderingContext2D, view: Drawing, place: number, status: Status, row: Row): void {
  const sick = view.scene.sickAt(place)
  const colour = sick === SICK.none ? colourOf(status, view.palette) : view.palette['warn-mark']
  context.globalAlpha = isDim(view, row) ? DIM : status === STATUS.open && sick === SICK.none ? 0.75 : 1
  context.strokeStyle = colour
  context.lineWidth = 2
  context.setLineDash(DASHES[status])
  context.beginPath()
  trace(context, lineAt(view, place))
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
}

/** Brackets the clients of one address. */
function paintAddresses(context: CanvasRenderingContext2D, view: Drawing): void {
  const { scene, layout, palette } = view
  if (layout.portrait) return
  const spans = new Map<string, Box & { count: number }>()
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (!row) continue
    const { address } = scene.groupOf(row)
    const box = clientBoxOf(view, place)
    const span = spans.get(address) ?? { ...box, count: 0 }
    const y = Math.min(span.y, box.y)
    spans.set(address, {
      ...box,
      y,
      height: Math.max(span.y + span.height, box.y + box.height) - y,
      count: span.count + 1,
    })
  }
  context.strokeStyle = palette['line-strong']
  context.lineWidth = 1
  for (const { x, y, width, height, count } of spans.values()) {
    context.fillStyle = palette['surface-sunken']
    context.beginPath()
    context.roundRect(x, y + 2, width, height - 4, 8)
    context.fill()
    context.stroke()
    if (count < 2 || width < 260) continue
    context.fillStyle = palette['ink-2']
    context.font = sans(12, 550)
    context.fillText(messages.picture.fromOne(formatCount(count)), x + 12, y + height / 2)
  }
}

function paintClient(context: CanvasRenderingContext2D, { layout, palette }: Drawing, box: Box, { remote }: Row): void {
  if (layout.portrait) {
    context.fillStyle = palette['surface-sunken']
    context.beginPath()
    const width = box.width - GUTTER - 2
    context.roundRect(box.x + 2, box.y + 1, width, box.height - 3, 5)
    context.fill()
    const size = Math.min(14, width / 13)
    paintEndpoint(
      context,
      remote,
      { x: box.x + 2 + width / 2, y: box.y + box.height / 2 - 0.5, size, width: width - 6, align: 'center' },
      palette.ink,
      palette.ink,
    )
    return
  }
  const size = Math.max(
    11,
    Math.min(20, Math.max(box.height * 0.42, Math.min(13.5, box.height * 0.7)), box.width / 14.5),
  )
  paintEndpoint(
    context,
    remote,
    { x: box.x + box.width - 14, y: box.y + box.height / 2, size, width: box.width - 24, align: 'right' },
    palette['ink-2'],
    palette.ink,
  )
}

/** The client has a socket of its own, at its end of the line. */
function paintClientSocket(context: CanvasRenderingContext2D, view: Drawing, place: number): void {
  const { x, y } = lineAt(view, place).client
  context.lineWidth = 1.5
  context.strokeStyle = view.palette['ink-2']
  ring(context, x, y, CLIENT_SOCKET, view.palette.surface)
}

/** The student's name, left of the endpoint where the box has room for both. */
function paintName(context: CanvasRenderingContext2D, { layout, palette, names }: Drawing, box: Box, row: Row): void {
  const name = layout.portrait ? null : names.nameOf(row.id)
  if (name === null || box.width < NAME_BOX_MIN) return
  context.font = sans(14, 600)
  context.fillStyle = palette.ink
  context.fillText(fittedStart(context, name, box.width * 0.3), box.x + 12, box.y + box.height / 2)
}

interface Spot {
  x: number
  y: number
  size: number
  width: number
  align: 'left' | 'right' | 'center'
}

/** @returns where the text ends, in pixels from the left */
function paintEndpoint(
  context: CanvasRenderingContext2D,
  endpoint: Endpoint,
  { x, y, size, width, align }: Spot,
  ink: string,
  portInk: string,
): number {
  if (isUnknownEndpoint(endpoint)) {
    context.font = sans(size * 0.9)
    context.fillStyle = ink
    context.textAlign = align
    context.fillText(messages.picture.unknownClient, x, y)
    context.textAlign = 'left'
    return x
  }
  const port = `:${endpoint.port}`
  context.font = mono(size, 650)
  const portWidth = context.measureText(port).width
  context.font = mono(size, 450)
  const address = fitted(context, formatEndpoint(endpoint).slice(0, -port.length), width - portWidth)
  const addressWidth = context.measureText(address).width
  const total = addressWidth + portWidth
  const left = align === 'left' ? x : align === 'right' ? x - total : x - total / 2
  context.fillStyle = ink
  context.fillText(address, left, y)
  context.font = mono(size, 650)
  context.fillStyle = portInk
  context.fillText(port, left + addressWidth, y)
  return left + total
}

function paintSocket(
  context: CanvasRenderingContext2D,
  view: Drawing,
  place: number,
  row: Row,
  status: Status,
  now: number,
): void {
  const { layout, palette } = view
  const box = cellBox(layout, place)
  const point = socketPoint(layout, place)
  const sick = view.scene.sickAt(place)
  const size = markSize(Math.min(24, box.height), status)
  if (isLive(status)) drawSocket(context, { status, sick }, palette, { ...point, size, left: 0 })
  const x = point.x + 18
  const width = box.x + box.width - x
  const facts = [
    `#${row.id}`,
    ...(row.fd === null ? [] : [messages.picture.fd(String(row.fd))]),
    ...(row.kernel && row.kernel.inode !== 0 ? [messages.picture.inode(String(row.kernel.inode))] : []),
  ]
  const words = wordsOf(row, status, now)
  const colour = inkOf(status, sick, palette)
  if (layout.portrait) {
    const alone = layout.columns === 1
    const size = Math.min(alone ? 18 : 13, width / 9.4)
    const below = words === '' ? facts.slice(alone ? 0 : 1).join(' · ') : words
    const small = words === '' ? mono(size * (alone ? 0.76 : 0.88)) : sans(size * (alone ? 0.8 : 0.92), 600)
    context.font = small
    const shown = fittedStart(context, alone ? below : below.replace(' · inode', ''), width + 4)
    const at = { x: point.x + 13, y: point.y, size, width: width + 4, align: 'left' } as const
    paintEndpoint(context, row.local, at, palette['ink-2'], palette.port)
    context.font = small
    context.fillStyle = colour
    if (box.height >= 28) context.fillText(shown, point.x + 13, point.y + size * 1.25)
    return
  }
  const tall = box.height >= 36
  // Readable, without covering the line below.
  const least = Math.min(13, box.height * 0.9)
  const characters = formatEndpoint(row.local).length
  const big = tall
    ? Math.max(least, Math.min(22, box.height * 0.3, width / (characters * MONO_ADVANCE)))
    : Math.max(least, Math.min(15, box.height * 0.72))
  const y = tall ? box.y + box.height / 2 - big * 0.62 : box.y + box.height / 2
  const end = paintEndpoint(
    context,
    row.local,
    { x, y, size: big, width, align: 'left' },
    palette['ink-2'],
    palette.port,
  )
  const small = Math.max(least, tall ? big * 0.74 : big * 0.9)
  if (tall) {
    paintWords(context, words, { x: end + 16, y, size: small + 1, width: box.x + box.width - end - 16 }, colour)
    const named = facts.join(' · ')
    const whole = row.kernel && words === '' ? `${named} · ${row.kernel.tcpState}` : named
    context.font = mono(small)
    context.fillStyle = palette['ink-2']
    const rest = context.measureText(whole).width <= width ? whole : named
    context.font = fittingFont(context, rest, { width, most: small, least: Math.min(small, 11), font: mono })
    context.fillText(fittedStart(context, rest, width), x, y + big * 1.35)
    return
  }
  const x2 = end + 16
  const room = box.x + box.width - x2
  context.font = sans(small, 600)
  const wordsWidth = words === '' ? 0 : context.measureText(words).width + 16
  context.font = mono(small)
  context.fillStyle = palette['ink-2']
  // First the socket's activity, then its name.
  const shown = [facts, facts.slice(1), facts.slice(1, 2), []]
    .map((some) => some.join(' · '))
    .find((text) => context.measureText(text).width + wordsWidth <= room)
  if (shown !== undefined) context.fillText(shown, x2, y)
  const after = shown ? x2 + context.measureText(shown).width + 16 : x2
  paintWords(context, words, { x: after, y, size: small, width: box.x + box.width - after }, colour)
}

function paintWords(
  context: CanvasRenderingContext2D,
  words: string,
  { x, y, size, width }: Omit<Spot, 'align'>,
  colour: string,
): void {
  if (words === '' || width < 40) return
  context.font = fittingFont(context, words, {
    ...{ width, most: size, least: Math.min(size, Math.max(11, size * 0.75)) },
    font: (fitting) => sans(fitting, 600),
  })
  context.fillStyle = colour
  context.fillText(fittedStart(context, words, width), x, y)
}
