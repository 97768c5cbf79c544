import type { Connection } from '../../shared/connection.ts'
import { isWildcard } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'
import { connectCommands } from '../live/socket-text.ts'
import type { Found } from './found.ts'
import { type TaskId, TEXTBOOK_PORTS } from './steps.ts'

/** The textbook's clients are 192.168.0.100 and .101. On this machine they come from 127.0.0.0/8, where every address works. */
const FIRST_HOST = 100
const LAST_HOST = 199

/** Time in TIME_WAIT for the side that closes first (Linux, TCP_TIMEWAIT_LEN). */
const TIME_WAIT_MS = 60_000

/** Whether a client endpoint is in use. */
export type Use = Pick<Connection, 'remote' | 'close'>

/** The first address from 127.0.0.`from` without a client on these ports: several people may take the lesson at once. */
export function freeAddress(
  connections: Iterable<Use>,
  now: number,
  ports: readonly number[],
  from = FIRST_HOST,
): string {
  const used = new Set<string>()
  for (const { remote, close } of connections) {
    // nc cannot bind to an endpoint in TIME_WAIT.
    const kept = close === null || (close.by === 'peer' && close.how === 'fin' && now - close.at < TIME_WAIT_MS)
    if (kept && ports.includes(remote.port)) used.add(remote.address)
  }
  for (let host = from; host <= LAST_HOST; host++) if (!used.has(`127.0.0.${host}`)) return `127.0.0.${host}`
  return `127.0.0.${from}`
}

/** Whether the terminal is on the server's machine, so that any 127.x.x.x can be a source address. */
function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** Whether clients can connect from any address of 127.0.0.0/8. */
export function takesIpv4({ family, dualStack }: Pick<Listener, 'family' | 'dualStack'>): boolean {
  return family === 4 || dualStack
}

export interface Place {
  /** The dashboard's host name in the browser. */
  hostname: string
  listener: Pick<Listener, 'local' | 'family' | 'dualStack'>
  connections: readonly Use[]
  /** The server's clock, Unix milliseconds. */
  now: number
  found: Found | null
}

/** Terminal commands for a task; none if only the page can do it, or detect it. */
export function commandsFor(task: TaskId, { hostname, listener, connections, now, found }: Place): string[] {
  const { local } = listener
  switch (task) {
    case 'first':
    case 'second':
      return connectCommands(hostname, local.port)
    case 'wait':
      return connectCommands(hostname, local.port).slice(0, 1)
    case 'port-0':
      return [from(FIRST_HOST, TEXTBOOK_PORTS[0])]
    case 'port-1':
      return [from(FIRST_HOST + 1, TEXTBOOK_PORTS[1])]
    case 'same-0':
      return [from(FIRST_HOST, TEXTBOOK_PORTS[0])]
    case 'same-1':
      return [from(FIRST_HOST + 1, found?.sockets[0]?.remote?.port ?? TEXTBOOK_PORTS[0])]
    default:
      return []
  }

  function from(host: number, port: number): string {
    // From another machine the source address cannot be chosen.
    if (!isLoopbackName(hostname)) return `nc -p ${port} ${hostname.replace(/^\[|\]$/g, '')} ${local.port}`
    if (!takesIpv4(listener)) return `nc -p ${port} ${local.address === '::' ? '::1' : local.address} ${local.port}`
    // By address: for a name, nc may pick an address of another family than -s.
    const to = isWildcard(local.address) ? '127.0.0.1' : local.address
    return `nc -s ${freeAddress(connections, now, [port], host)} -p ${port} ${to} ${local.port}`
  }
}
