import { type Endpoint, formatEndpoint } from '../../shared/endpoint.ts'
import { type Language, pluralIn } from '../../shared/language.ts'

/**
 * Writes the first line a client gets, which tells it its own 4-tuple; UTF-8. The same arguments give the same bytes.
 * @param others connections that share the port
 */
export type Greeting = (id: number, local: Endpoint, remote: Endpoint, others: number) => Buffer

/** In each language the client's end comes first and the server's second, so that they can be found without knowing it. */
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
