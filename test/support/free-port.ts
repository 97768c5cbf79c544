import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that nobody listens on now, for a program that cannot pick one itself. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
