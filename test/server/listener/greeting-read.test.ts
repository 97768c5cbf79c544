import { expect, test } from 'vitest'
import { GREETINGS } from '../../../server/listener/greeting.ts'
import { LANGUAGES } from '../../../shared/language.ts'
import { readMine } from '../../../web/class/read-mine.ts'

const CLIENTS = [
  { local: { address: '192.168.0.1', port: 8080 }, remote: { address: '192.168.0.100', port: 50_000 } },
  { local: { address: '::1', port: 8080 }, remote: { address: '2001:db8::7', port: 50_001 } },
]

test.for(LANGUAGES.flatMap((language) => CLIENTS.map((client) => [language, client] as const)))(
  'a whole greeting in %s tells the client’s end: %o',
  ([language, { local, remote }]) => {
    const greeting = GREETINGS[language](3, local, remote, 2).toString()
    expect(readMine(greeting, 8080)).toEqual(remote)
    expect(readMine(`$ nc 192.168.0.1 8080\n${greeting}`, 8080)).toEqual(remote)
  },
)
