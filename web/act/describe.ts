import type { Action } from '../../shared/action.ts'
import { describeRefusal } from '../live/api.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** The result of an action, shown beside its button. */
export interface ActionResult {
  ok: boolean
  words: string
}

/** An action on a connection, or the attempt, in words. */
export function describeAction({ kind, bytes, code, waiting }: Action): string {
  const text = messages.act.events
  if (code === null) return kind === 'send' ? text.send(formatBytes(bytes ?? 0)) : text[kind]
  const why = describeRefusal({ code, message: code, ...(waiting === null ? {} : { waiting }) })
  return text.refused(text.tried[kind], why)
}

/** The kernel's facts of the socket right after the action. */
export function aftermath({ kernel, waiting, code }: Action): string {
  const text = messages.act.events
  const queue = (bytes: number) => (bytes > 0 ? formatBytes(bytes) : null)
  const seen = kernel ? text.kernel(kernel.tcpState, queue(kernel.recvQueue), queue(kernel.sendQueue)) : text.gone
  return code === null && waiting !== null && waiting > 0 ? `${text.waiting(formatBytes(waiting))}. ${seen}` : seen
}

/** The result of a bulk action: the number done, and the refusals by reason. */
export function describeRefused(outcomes: readonly { code: string }[], format: (count: number) => string): string[] {
  const counts = Map.groupBy(outcomes, ({ code }) => code)
  const { refused, other } = messages.act.bulk
  const words: Partial<Record<string, (count: number, formatted: string) => string>> = refused
  return [...counts].map(([code, { length }]) => words[code]?.(length, format(length)) ?? other(format(length), code))
}
