import type { Action } from '../../shared/action.ts'
import { describeRefusal } from '../live/api.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** What came of an action, to be read beside the button. */
export interface Told {
  ok: boolean
  words: string
}

/** What was done to a connection, or tried, in words. */
export function describeAction({ kind, bytes, code, waiting }: Action): string {
  const text = messages.act.events
  if (code === null) return kind === 'send' ? text.send(formatBytes(bytes ?? 0)) : text[kind]
  const why = describeRefusal({ code, message: code, ...(waiting === null ? {} : { waiting }) })
  return text.refused(text.tried[kind], why)
}

/** What the kernel said of the socket right after it. */
export function aftermath({ kernel, waiting, code }: Action): string {
  const text = messages.act.events
  const queue = (bytes: number) => (bytes > 0 ? formatBytes(bytes) : null)
  const seen = kernel ? text.kernel(kernel.tcpState, queue(kernel.recvQueue), queue(kernel.sendQueue)) : text.gone
  return code === null && waiting !== null && waiting > 0 ? `${text.waiting(formatBytes(waiting))}. ${seen}` : seen
}

/** What became of a bulk action: the number done, and the others by why not. */
export function describeRefused(outcomes: readonly { code: string }[], format: (count: number) => string): string[] {
  const counts = Map.groupBy(outcomes, ({ code }) => code)
  const { refused, other } = messages.act.bulk
  const words: Partial<Record<string, (formatted: string) => string>> = refused
  return [...counts].map(([code, { length }]) => words[code]?.(format(length)) ?? other(format(length), code))
}
