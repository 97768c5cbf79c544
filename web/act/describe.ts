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
export function describeAction(action: Action): string {
  const text = messages.act.events
  const { kind, code, waiting } = action
  if (code === null) return done(action)
  const why = describeRefusal({ code, message: code, ...(waiting === null ? {} : { waiting }) })
  return text.refused(text.tried[kind], why)
}

function done({ kind, bytes, behavior }: Action): string {
  const text = messages.act.events
  if (kind === 'send') return text.send(formatBytes(bytes ?? 0))
  if (kind !== 'behavior') return text[kind]
  return behavior === null ? text.portBehavior : text.behavior(behavior)
}

/** The kernel's facts of the socket right after the action; empty if nothing is known. */
export function aftermath({ kernel, gone, waiting, code }: Action): string {
  const text = messages.act.events
  const queue = (bytes: number) => (bytes > 0 ? formatBytes(bytes) : null)
  const facts: string[] = []
  if (code === null && waiting !== null && waiting > 0) facts.push(text.waiting(formatBytes(waiting)))
  if (kernel !== null) facts.push(text.kernel(kernel.tcpState, queue(kernel.recvQueue), queue(kernel.sendQueue)))
  else if (gone === true) facts.push(text.gone)
  return facts.join('. ')
}

/** The result of a bulk action: the number done, and the refusals by reason. */
export function describeRefused(outcomes: readonly { code: string }[], format: (count: number) => string): string[] {
  const counts = Map.groupBy(outcomes, ({ code }) => code)
  const { refused, other } = messages.act.bulk
  const words: Partial<Record<string, (count: number, formatted: string) => string>> = refused
  return [...counts].map(([code, { length }]) => words[code]?.(length, format(length)) ?? other(format(length), code))
}
