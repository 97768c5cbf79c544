import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { turn } from './turns.ts'

/** Items serialized in one turn of the event loop. */
const SLICE = 250

/**
 * Sends `head` with a list as its last field. A long list is written in slices as fast as the reader takes them, so it
 * neither holds up other requests nor waits in memory as a whole.
 */
export function sendList<T>(
  reply: FastifyReply,
  head: object,
  name: string,
  items: readonly T[],
  text: (item: T) => string,
): FastifyReply {
  void reply.type('application/json; charset=utf-8')
  const start = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:[`
  if (items.length <= SLICE) return reply.send(`${start}${items.map(text).join(',')}]}`)
  return reply.send(Readable.from(slices(start, items, text), { objectMode: false }))
}

async function* slices<T>(start: string, items: readonly T[], text: (item: T) => string): AsyncGenerator<string> {
  yield start
  for (let i = 0; i < items.length; i += SLICE) {
    await turn()
    const slice = items.slice(i, i + SLICE)
    yield `${i === 0 ? '' : ','}${slice.map(text).join(',')}`
  }
  yield ']}'
}
