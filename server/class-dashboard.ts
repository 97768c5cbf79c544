import type { Logger } from 'pino'
import type { RoomListener } from './class/class-room.ts'
import type { Config } from './config/config.ts'
import { buildHttp } from './http/server.ts'
import { listenHttp } from './listen-http.ts'
import { STUDENTS_MAX } from '../shared/class.ts'
import type { Endpoint } from '../shared/endpoint.ts'

/** Half of them may have one address, as behind NAT. */
const READERS = 2 * STUDENTS_MAX

/**
 * Starts the dashboard of a class, where nobody has full rights.
 * @param at with port 0, the kernel chooses a free port
 * @throws the errno of bind or listen
 */
export async function openClassDashboard(
  source: Parameters<typeof buildHttp>[0],
  config: Config,
  log: Logger,
  at: Endpoint,
): Promise<RoomListener> {
  const access = { ...config, uiHost: at.address, token: null, studentsOnly: true, maxReaders: READERS }
  const http = await buildHttp(source, access, log)
  try {
    return { port: await listenHttp(http, at, 'the class'), close: () => http.close() }
  } catch (error) {
    await http.close()
    throw error
  }
}
