import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { drawSick } from './marks.ts'
import { type Palette, sans } from './palette.ts'
import { sickIn } from './status.ts'
import { fittedStart } from './text.ts'
import type { Drawing } from './view.ts'

/** Headings of the clients and sockets, with their numbers. */
export function paintLabels(context: CanvasRenderingContext2D, { scene, layout, palette, kernel }: Drawing): void {
  const { clients, sockets, port, gate, portrait, width } = layout
  const groups = [...scene.groups.all.values()].filter(({ live }) => live > 0).length
  context.textBaseline = 'middle'
  context.fillStyle = palette['ink-2']
  context.font = sans(portrait ? 12.5 : 14, 600)
  context.fillText(
    fittedStart(context, messages.picture.clients(groups, formatCount(groups)), clients.width),
    clients.x,
    portrait ? 15 : 20,
  )
  const sick = sickIn(scene.sickCounts)
  const count = messages.picture.sockets(scene.live, formatCount(scene.live))
  if (portrait) {
    // Beside the lines that run straight down from the gate.
    const beside = gate.x - sockets.x - 12
    const below = port.y + port.height
    context.fillText(fittedStart(context, sick.count > 0 ? count : `${count},`, beside), sockets.x, below + 17)
    if (sick.count > 0) paintAttention(context, palette, sick, { x: sockets.x, y: below + 34, width: beside })
    else context.fillText(fittedStart(context, messages.picture.oneForEach, beside), sockets.x, below + 34)
    return
  }
  const sentence = `${count}, ${messages.picture.oneForEach}`
  const timeWait = kernel?.timeWait ?? 0
  const whole = timeWait > 0 ? `${sentence} · ${messages.picture.timeWaitMore(formatCount(timeWait))}` : sentence
  const attention = sick.count > 0 ? MARK + APART + context.measureText(attentionWords(sick.count)).width : 0
  const room = width - sockets.x - 16 - attention
  const words =
    [whole, sentence, count].find((text) => context.measureText(text).width <= room) ??
    fittedStart(context, count, room)
  context.fillText(words, sockets.x, 20)
  if (sick.count === 0) return
  const x = sockets.x + context.measureText(words).width + APART
  paintAttention(context, palette, sick, { x, y: 20, width: attention })
}

const MARK = 18
const APART = 14

function attentionWords(count: number): string {
  return messages.ports.attention(count, formatCount(count))
}

function paintAttention(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { count, worst }: ReturnType<typeof sickIn>,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  drawSick(context, worst, palette, { x: x + 6, y: y - 0.5, size: 12 })
  context.fillStyle = palette.warn
  context.fillText(fittedStart(context, attentionWords(count), width - MARK), x + MARK, y)
}
