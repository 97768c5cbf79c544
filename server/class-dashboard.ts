import type { Logger } from 'pino'
import type { RoomListener } from './class/class-room.ts'
import type { Config } from './config/config.ts'
import { buildHttp } from './http/server.ts'
import { STUDENTS_MAX } from '../shared/class.ts'
import type { Endpoint } from '../shared/endpoint.ts'

/** Half of them may have one address, as behind NAT. */
const READERS = 2 * STUDENTS_MAX

/**
 * Starts the dashboard of a class, where nobody has full rights.
 * @param port 0: any free one
 * @throws the errno of bind or listen
 */
export async function openClassDashboard(
  source: Parameters<typeof buildHttp>[0],
  config: Config,
  log: Logger,
  { address, port }: Endpoint,
): Promise<RoomListener> {
  const access = { ...config, uiHost: address, token: null, studentsOnly: true, maxReaders: READERS }
  const http = await buildHttp(source, access, log)
  try {
    await http.listen({ host: address, port, listenTextResolver: (at) => `the class is at ${at}` })
  } catch (error) {
    await http.close()
    throw error
  }
  const bound = http.server.address()
  return { port: typeof bound === 'object' && bound !== null ? bound.port : port, close: () => http.close() }
}
