import type { Close, Connection } from '../../shared/connection.ts'
import type { Language } from '../../shared/language.ts'
import { CATALOGUES } from './catalogues.ts'
import { setFormats } from './format.ts'

/** Every text of the page in its current language. Read it where the text is shown: the language can change. */
export let messages = CATALOGUES.en

/** Switches the language. Texts that are already stored, such as notices, keep theirs. */
export function speak(language: Language): void {
  messages = CATALOGUES[language]
  setFormats(language)
}

/** The state of a connection as the server records it, with what was done to it by hand. */
export function describeState(record: Pick<Connection, 'state' | 'close' | 'finSentAt' | 'readingPaused'>): string {
  if (record.close) return describeClose(record.close)
  const words = [messages.live.state[record.state]]
  // Where there is no room for all, the kernel's state still tells of the FIN.
  if (record.readingPaused) words.push(messages.live.byHand.readingPaused)
  if (record.finSentAt !== null) words.push(messages.live.byHand.finSent)
  return words.join(' · ')
}

/** Explains the state: which directions can still carry data. The recorded state knows only the client's FIN. */
export function explainState({ state, finSentAt }: Pick<Connection, 'state' | 'finSentAt'>): string {
  const text = messages.live.stateHints
  if (state === 'closed' || finSentAt === null) return text[state]
  return state === 'open' ? text.finSent : text.bothFin
}

/** How a connection ended and who ended it, in words. */
export function describeClose(close: Close): string {
  const begun = describeBeginning(close)
  const then = close.reset === null || close.how === 'reset' ? [] : [messages.live.ended.thenReset[close.reset]]
  return [begun, ...then].join(' · ')
}

function describeBeginning({ by, how, code }: Close): string {
  const text = messages.live.ended
  if (code === 'LISTENER_DIED') return text.listenerDied
  if (how === 'fin' || how === 'reset') return text[how][by]
  if (how === 'timeout') return by === 'server' ? text.idle : text.timeout
  return code === null ? text.error : `${text.error} · ${code}`
}
