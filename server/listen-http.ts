import type { FastifyInstance } from 'fastify'
import type { Endpoint } from '../shared/endpoint.ts'

/**
 * Starts the server of a dashboard.
 * @param what names the dashboard in the log: Fastify's own message would read as if it were about the TCP port
 * @returns the port, which the kernel has chosen if 0 was asked for
 * @throws the errno of bind or listen
 */
export async function listenHttp(http: FastifyInstance, { address, port }: Endpoint, what: string): Promise<number> {
  await http.listen({ host: address, port, listenTextResolver: (at) => `${what} is at ${at}` })
  const bound = http.server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}
