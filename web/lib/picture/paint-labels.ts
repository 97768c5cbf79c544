import { formatCount } from '../../text/format.ts'
import { messages } from '../../text/messages.ts'
import { sans } from './palette.ts'
import { fittedStart } from './text.ts'
import type { View } from './view.ts'

/** What stands where, and how many of each. */
export function paintLabels(context: CanvasRenderingContext2D, { scene, layout, palette, kernel }: View): void {
  const { clients, sockets, portrait, width } = layout
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
  const y = portrait ? sockets.y - 24 : 20
  const sentence = messages.picture.sockets(scene.live, formatCount(scene.live))
  const timeWait = kernel?.timeWait ?? 0
  const whole = timeWait > 0 ? `${sentence} · ${messages.picture.timeWaitMore(formatCount(timeWait))}` : sentence
  const words = context.measureText(whole).width <= room ? whole : sentence
  const shown = fittedStart(context, words, room)
  if (portrait) {
    context.fillStyle = palette.surface
    context.fillRect(sockets.x - 4, y - 10, context.measureText(shown).width + 8, 20)
    context.fillStyle = palette['ink-2']
  }
  context.fillText(shown, sockets.x, y)
}
