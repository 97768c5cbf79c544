import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { sans } from './palette.ts'
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
  const room = width - sockets.x - 16
  const count = messages.picture.sockets(scene.live, formatCount(scene.live))
  if (portrait) {
    // Beside the lines that run straight down from the gate.
    const beside = gate.x - sockets.x - 12
    const below = port.y + port.height
    context.fillText(fittedStart(context, `${count},`, beside), sockets.x, below + 17)
    context.fillText(fittedStart(context, messages.picture.oneForEach, beside), sockets.x, below + 34)
    return
  }
  const sentence = `${count}, ${messages.picture.oneForEach}`
  const timeWait = kernel?.timeWait ?? 0
  const whole = timeWait > 0 ? `${sentence} · ${messages.picture.timeWaitMore(formatCount(timeWait))}` : sentence
  const words = [whole, sentence, count].find((text) => context.measureText(text).width <= room)
  context.fillText(words ?? fittedStart(context, count, room), sockets.x, 20)
}
