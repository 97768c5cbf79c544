import type { Close, Connection } from '../../shared/connection.ts'
import type { Language } from '../../shared/language.ts'
import { en, type Messages } from './en/catalogue.ts'
import { ru } from './ru/catalogue.ts'
import { setFormats } from './format.ts'

const CATALOGUES: Record<Language, Messages> = { en, ru }

/** Every text of the page, in its language; to be read where it is shown, since the language changes. */
export let messages = CATALOGUES.en

/** What was said before keeps its language. */
export function speak(language: Language): void {
  messages = CATALOGUES[language]
  setFormats(language)
}

/** The server's own word for the state a connection is in, with what was done to it by hand. */
export function describeState(record: Pick<Connection, 'state' | 'close' | 'finSentAt' | 'readingPaused'>): string {
  if (record.close) return describeClose(record.close)
  const words = [messages.live.state[record.state]]
  if (record.finSentAt !== null) words.push(messages.live.byHand.finSent)
  if (record.readingPaused) words.push(messages.live.byHand.readingPaused)
  return words.join(' · ')
}

/** How a connection ended and who ended it, in words. */
export function describeClose({ by, how, code }: Close): string {
  const text = messages.live.ended
  if (code === 'LISTENER_DIED') return text.listenerDied
  if (how === 'fin' || how === 'reset') return text[how][by]
  if (how === 'timeout') return by === 'server' ? text.idle : text.timeout
  return code === null ? text.error : `${text.error} · ${code}`
}
