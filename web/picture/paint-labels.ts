import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { drawSick } from './marks.ts'
import { type Palette, sans } from './palette.ts'
import { type Sick, sickIn } from './status.ts'
import { fittedStart } from './text.ts'
import type { Drawing } from './view.ts'

const MARK = 18
const APART = 14

/** Headings of the clients and sockets, with their numbers. */
export function paintLabels(context: CanvasRenderingContext2D, { scene, layout, palette, kernel }: Drawing): void {
  const { clients, sockets, port, gate, portrait, width } = layout
  const text = messages.picture
  const widthOf = (words: string) => context.measureText(words).width
  const groups = [...scene.groups.all.values()].filter(({ live }) => live > 0).length
  context.textBaseline = 'middle'
  context.fillStyle = palette['ink-2']
  context.font = sans(portrait ? 12.5 : 14, 600)
  const addresses = [text.clients(groups, formatCount(groups)), text.fewer.clients(groups, formatCount(groups))]
  const [ofClients] = headingOf(addresses, [], clients.width, widthOf)
  context.fillText(fittedStart(context, ofClients, clients.width), clients.x, portrait ? 15 : 20)
  const sick = sickIn(scene.sickCounts)
  const count = text.sockets(scene.live, formatCount(scene.live))
  const attention =
    sick.count > 0 ? [messages.ports.attention(sick.count, formatCount(sick.count)), formatCount(sick.count)] : []
  if (portrait) {
    // Beside the lines that run straight down from the gate.
    const beside = gate.x - sockets.x - 12
    const below = port.y + port.height
    context.fillText(fittedStart(context, sick.count > 0 ? count : `${count},`, beside), sockets.x, below + 17)
    if (sick.count > 0)
      paintAttention(context, palette, sick.worst, attention[0] ?? '', { x: sockets.x, y: below + 34, width: beside })
    else context.fillText(fittedStart(context, text.oneForEach, beside), sockets.x, below + 34)
    return
  }
  const sentence = `${count}, ${text.oneForEach}`
  const timeWait = kernel?.timeWait ?? 0
  const whole = timeWait > 0 ? `${sentence} · ${text.timeWaitMore(formatCount(timeWait))}` : sentence
  const room = width - sockets.x - 16
  const shorter = [whole, sentence, count, text.fewer.sockets(scene.live, formatCount(scene.live))]
  const [words, beside] = headingOf(shorter, attention, room, widthOf)
  context.fillText(fittedStart(context, words, room), sockets.x, 20)
  if (beside === null) return
  const x = sockets.x + widthOf(words) + APART
  paintAttention(context, palette, sick.worst, beside, { x, y: 20, width: width - x })
}

/**
 * The longest words that fit, with what needs attention beside them. Both can be said in fewer words; the count of what needs
 * attention keeps its words longer.
 * @param words the longest first
 * @param attention the longest first; empty: nothing needs attention
 */
export function headingOf(
  words: readonly string[],
  attention: readonly string[],
  room: number,
  widthOf: (text: string) => number,
): [words: string, attention: string | null] {
  const besides = attention.length > 0 ? attention : [null]
  let last: [string, string | null] = ['', null]
  for (const beside of besides) {
    const taken = beside === null ? 0 : APART + MARK + widthOf(beside)
    for (const text of words) {
      last = [text, beside]
      if (widthOf(text) + taken <= room) return last
    }
  }
  return last
}

function paintAttention(
  context: CanvasRenderingContext2D,
  palette: Palette,
  worst: Sick,
  words: string,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  drawSick(context, worst, palette, { x: x + 6, y: y - 0.5, size: 12 })
  context.fillStyle = palette.warn
  context.fillText(fittedStart(context, words, width - MARK), x + MARK, y)
}
