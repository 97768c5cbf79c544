import { type Endpoint, formatEndpoint } from '../../shared/endpoint.ts'
import { type Language, pluralIn } from '../../shared/language.ts'

/**
 * Writes the first line a client receives, in UTF-8: its own 4-tuple. The same arguments give the same bytes.
 * @param others number of other connections on the port
 */
export type Greeting = (id: number, local: Endpoint, remote: Endpoint, others: number) => Buffer

/** In every language the client's endpoint comes first and the server's second, so that programs can find both. */
export const GREETINGS: Record<Language, Greeting> = {
  en(id, local, remote, others) {
    return Buffer.from(
      `You are ${formatEndpoint(remote)}, connected to ${formatEndpoint(local)} as connection ${id}; ${english(others)}.\n`,
    )
  },
  ru(id, local, remote, others) {
    return Buffer.from(
      `Вы — ${formatEndpoint(remote)}, сервер — ${formatEndpoint(local)}, соединение № ${id}; ${russian(others)}.\n`,
    )
  },
}

const inEnglish = pluralIn('en')
const ENGLISH = { one: 'other connection shares this port', other: 'other connections share this port' }

function english(others: number): string {
  return others === 0 ? 'no other connection shares this port' : `${others} ${inEnglish(others, ENGLISH)}`
}

const inRussian = pluralIn('ru')
const RUSSIAN = { one: 'соединение', few: 'соединения', many: 'соединений' }

function russian(others: number): string {
  if (others === 0) return 'других соединений на этом порту нет'
  return `на этом порту есть ещё ${others} ${inRussian(others, RUSSIAN)}`
}
