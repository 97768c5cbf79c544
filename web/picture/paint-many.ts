import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import {
  cellAt,
  cellBox,
  clientBox,
  clientPoint,
  clientTurn,
  gateEnd,
  GUTTER,
  placesAround,
  socketPoint,
} from './layout.ts'
import { curve, trace } from './line.ts'
import { drawMark, drawSick, drawSocket, MARK_REACH, markSize, TINY } from './marks.ts'
import { mono, sans } from './palette.ts'
import { isLive, SICK, sickIn, STATUS } from './status.ts'
import { fittedStart, fittingFont } from './text.ts'
import { isDim, lineAt, linesShown, type Drawing } from './view.ts'

const DIM = 0.16
/** Up to this number each line is drawn. Above it the lines would merge, so one surface is drawn instead. */
const LINES_MAX = 400

/** Many connections: one line per client address, through the port. The dots have their own canvas. */
export function paintMany(context: CanvasRenderingContext2D, view: Drawing, hidden: (place: number) => boolean): void {
  context.textBaseline = 'middle'
  if (view.scene.live <= LINES_MAX) paintLines(context, view, hidden)
  else paintSurfaces(context, view)
  const sick = sickIn(view.scene.sickCounts).count
  if (sick > 0 && sick <= LINES_MAX) paintSickLines(context, view, hidden)
  paintGroups(context, view)
}

export function paintAllDots(
  context: CanvasRenderingContext2D,
  view: Drawing,
  hidden: (place: number) => boolean,
): void {
  paintDots(context, view, placesBelow(view.scene.end), hidden)
}

function* placesBelow(end: number): Generator<number> {
  for (let place = 0; place < end; place++) yield place
}

function paintLines(context: CanvasRenderingContext2D, view: Drawing, hidden: (place: number) => boolean): void {
  const { scene, palette } = view
  for (const dim of [true, false]) {
    context.globalAlpha = dim ? 0.07 : 0.28
    context.strokeStyle = palette['ink-2']
    context.lineWidth = 1
    context.beginPath()
    for (let place = 0; place < scene.end; place++) {
      const row = scene.rows[place]
      if (row && isLive(scene.statusAt(place)) && !hidden(place) && isDim(view, row) === dim)
        trace(context, lineAt(view, place))
    }
    context.stroke()
  }
  context.globalAlpha = 1
}

/** Above the others, which are faint. */
function paintSickLines(context: CanvasRenderingContext2D, view: Drawing, hidden: (place: number) => boolean): void {
  const { scene, palette } = view
  context.strokeStyle = palette['warn-mark']
  context.lineWidth = 1.5
  for (let place = 0; place < scene.end; place++) {
    const row = scene.rows[place]
    if (!row || scene.sickAt(place) === SICK.none || hidden(place)) continue
    context.globalAlpha = isDim(view, row) ? DIM : 1
    context.beginPath()
    trace(context, lineAt(view, place))
    context.stroke()
  }
  context.globalAlpha = 1
}

/** Draws all lines of an address as one surface on each side of the port. */
function paintSurfaces(context: CanvasRenderingContext2D, view: Drawing): void {
  const { layout, palette } = view
  const { gate, sockets, portrait } = layout
  const lines = linesShown(view)
  context.fillStyle = palette['ink-2']
  for (let line = 0; line < lines; line++) {
    const from = clientTurn(layout, line, lines)
    const share = [line / lines, (line + 1) / lines]
    const [near, far] = share.map((part) =>
      portrait ? { x: gate.x + part * gate.width, y: gate.y } : { x: gate.x, y: gate.y + part * gate.height },
    )
    if (!near || !far) continue
    context.globalAlpha = line % 2 === 0 ? 0.16 : 0.1
    context.beginPath()
    const spread = portrait ? 1 : 7
    const [above, below] = [-spread, spread].map((by) =>
      portrait ? { ...from, x: from.x + by } : { ...from, y: from.y + by },
    )
    if (!above || !below) continue
    context.moveTo(above.x, above.y)
    curve(context, above, near, portrait)
    context.lineTo(far.x, far.y)
    curve(context, far, below, portrait)
    context.fill()
    if (!portrait) continue
    const { x, y } = clientPoint(layout, line, lines)
    context.fillRect(x, y - 1, from.x + 1 - x, 2)
    context.fillRect(from.x - 1, y + 1, 2, from.y - y - 1)
  }
  context.globalAlpha = 0.12
  context.beginPath()
  if (portrait) {
    const y = gateEnd(layout)
    context.moveTo(gate.x, gate.y + gate.height)
    context.lineTo(gate.x, y)
    curve(context, { x: gate.x, y }, { x: sockets.x, y: sockets.y - 8 }, true)
    context.lineTo(sockets.x + sockets.width, sockets.y - 8)
    curve(context, { x: sockets.x + sockets.width, y: sockets.y - 8 }, { x: gate.x + gate.width, y }, true)
    context.lineTo(gate.x + gate.width, gate.y + gate.height)
  } else {
    const x = gate.x + gate.width
    context.moveTo(x, gate.y)
    curve(context, { x, y: gate.y }, { x: sockets.x - 8, y: sockets.y }, false)
    context.lineTo(sockets.x - 8, sockets.y + sockets.height)
    curve(context, { x: sockets.x - 8, y: sockets.y + sockets.height }, { x, y: gate.y + gate.height }, false)
  }
  context.fill()
  context.globalAlpha = 1
}

function paintGroups(context: CanvasRenderingContext2D, view: Drawing): void {
  const { scene, layout, palette, address } = view
  const lines = linesShown(view)
  const most = Math.max(1, ...scene.groups.lines.map((group) => group?.live ?? 0))
  const others = scene.groups.others
  for (let line = 0; line < lines; line++) {
    const group = scene.groups.lines[line]
    const rest = line === lines - 1 && others.groups > 0 && !group
    if (!group && !rest) continue
    const box = clientBox(layout, line, lines)
    const live = group ? group.live : others.live
    const left = box.x + (layout.portrait ? 2 : 0)
    const width = box.width - (layout.portrait ? GUTTER + 2 : 0)
    const height = Math.min(box.height - 4, 26)
    const y = box.y + box.height / 2
    context.globalAlpha = address !== null && group?.address !== address ? DIM * 2 : 1
    context.fillStyle = palette['surface-sunken']
    context.beginPath()
    context.roundRect(left, y - height / 2, width, height, 5)
    context.fill()
    // The number of the largest group. The shared line is not a group.
    if (group) {
      context.globalAlpha *= 0.22
      context.fillStyle = palette['ink-2']
      context.beginPath()
      context.roundRect(left, y - height / 2, width * (live / most), height, 5)
      context.fill()
      context.globalAlpha = address !== null && group.address !== address ? DIM * 2 : 1
    }
    const size = Math.min(15, Math.max(11, height * 0.62))
    context.font = mono(size, 650)
    const count = formatCount(live)
    const countWidth = context.measureText(count).width
    context.fillStyle = palette.ink
    context.textAlign = 'right'
    context.fillText(count, left + width - 10, y + 0.5)
    context.textAlign = 'left'
    const sick = sickIn(group ? group.sick : others.sick)
    let room = width - countWidth - 28
    if (sick.count > 0) room -= paintSickCount(context, view, sick, { x: left + width - 20 - countWidth, y, size })
    context.fillStyle = palette.ink
    const student = group && view.names.nameAt(group.address)
    const name = group
      ? (student ?? (group.address || messages.picture.unknownClient))
      : messages.picture.others(others.groups, formatCount(others.groups))
    context.font = fittingFont(context, name, {
      width: room,
      most: size,
      least: 10.5,
      font: group && student === null ? mono : sans,
    })
    context.fillText(fittedStart(context, name, room), left + 10, y + 0.5)
  }
  context.globalAlpha = 1
}

/** How many sockets of an address have a problem, before how many there are. @returns its width */
function paintSickCount(
  context: CanvasRenderingContext2D,
  { palette }: Drawing,
  { count, worst }: ReturnType<typeof sickIn>,
  { x, y, size }: { x: number; y: number; size: number },
): number {
  const words = formatCount(count)
  context.font = mono(size, 650)
  const width = context.measureText(words).width
  context.fillStyle = palette.warn
  context.textAlign = 'right'
  context.fillText(words, x, y + 0.5)
  context.textAlign = 'left'
  drawSick(context, worst, palette, { x: x - width - 4 - size / 2, y, size })
  return width + size + 14
}

/** Draws the live sockets at these places; those with a special look come last and on top. */
function paintDots(
  context: CanvasRenderingContext2D,
  view: Drawing,
  places: Iterable<number>,
  hidden: (place: number) => boolean,
): void {
  const { scene, layout, palette } = view
  const size = snapped(markSize(layout.cell.width, STATUS.open))
  const whole = view.matches === null && view.address === null
  const tiny = size < TINY
  const distinct: number[] = []
  context.fillStyle = palette['ink-2']
  let dim = false
  context.globalAlpha = 1
  for (const place of places) {
    const status = scene.status[place]
    const sick = scene.sick[place] !== SICK.none
    if (sick || status === STATUS.half || status === STATUS.stopped) distinct.push(place)
    if (sick || status !== STATUS.open || hidden(place)) continue
    const row = scene.rows[place]
    if (!row) continue
    const isItDim = !whole && isDim(view, row)
    if (isItDim !== dim) context.globalAlpha = isItDim ? DIM : 1
    dim = isItDim
    const { x, y } = socketPoint(layout, place)
    if (tiny) context.fillRect(snapped(x - size / 2), snapped(y - size / 2), size, size)
    else drawMark(context, STATUS.open, palette, { x, y, size, left: 0 })
  }
  for (const place of distinct) {
    const row = scene.rows[place]
    if (!row || hidden(place)) continue
    context.globalAlpha = isDim(view, row) ? DIM : 1
    const status = scene.statusAt(place)
    drawSocket(context, { status, sick: scene.sickAt(place) }, palette, {
      ...socketPoint(layout, place),
      size: markSize(layout.cell.width, status),
      left: 0,
    })
  }
  context.globalAlpha = 1
}

/** Rounds to half a pixel, so that equal dots look equal. */
function snapped(value: number): number {
  return Math.round(value * 2) / 2
}

/** Redraws only these places and what their marks may overlap. */
export function repaintDots(
  context: CanvasRenderingContext2D,
  view: Drawing,
  places: Iterable<number>,
  hidden: (place: number) => boolean,
): void {
  const { layout, scene } = view
  const { cell } = layout
  const reach = cell.width > 2 * MARK_REACH ? 0 : Math.ceil(MARK_REACH / cell.width)
  const anySick = sickIn(scene.sickCounts).count > 0
  const around = new Set<number>()
  for (const place of places) {
    const box = cellBox(layout, place)
    context.clearRect(
      box.x - reach * cell.width,
      box.y - reach * cell.height,
      cell.width * (2 * reach + 1),
      cell.height * (2 * reach + 1),
    )
    const at = cellAt(layout, place)
    for (const near of placesAround(layout, at, reach)) around.add(near)
    // Their marks reach into the cleared area from farther away.
    if (!anySick) continue
    for (const near of placesAround(layout, at, 2 * reach)) if (scene.sick[near] !== SICK.none) around.add(near)
  }
  const left = [...around].filter((place) => place < scene.end)
  paintDots(context, view, left, hidden)
}
