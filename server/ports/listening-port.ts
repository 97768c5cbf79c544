import type { Config } from '../config/config.ts'
import { clock } from '../clock.ts'
import { containerGateway } from '../kernel/container.ts'
import type { Libc } from '../libc.ts'
import { type ListeningSocket, openListeningSocket } from '../kernel/listening-socket.ts'
import type { ListenerOptions } from '../listener/messages.ts'
import type { ConnectionTable } from '../table/table.ts'
import { familyOf } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'

// The one listening socket: opened from the options, passed to the listener process, and described to readers.

/** Opens and keeps the listening socket; null where only the listener process itself can bind the port. */
export async function openPort(libc: Libc | null, config: Config): Promise<ListeningSocket | null> {
  if (libc === null) return null
  return named('--port', () => {
    const open = (host: string) => openListeningSocket(libc, { ...config, host })
    if (config.host !== null) return open(config.host)
    try {
      return open(ANY_DUAL)
    } catch (error) {
      if (code(error) !== 'EAFNOSUPPORT' && code(error) !== 'EADDRNOTAVAIL') throw error
      return open(ANY_IPV4)
    }
  })
}

const ANY_DUAL = '::'
const ANY_IPV4 = '0.0.0.0'

export function listenerOptions(config: Config, socket: ListeningSocket | null): ListenerOptions {
  return {
    fd: socket?.fd ?? null,
    host: config.host ?? ANY_DUAL,
    port: socket?.local.port ?? config.port,
    backlog: config.backlog,
    behavior: config.behavior,
    rules: [],
    greeting: config.greeting ? config.greetingLanguage : null,
    maxConnections: config.maxConnections,
    idleTimeoutMs: config.idleTimeoutMs,
    keepaliveMs: config.keepaliveMs,
    firstId: 1,
    captureBytes: config.captureBytes,
    paused: false,
  }
}

export function listenerFacts(config: Config, socket: ListeningSocket | null, table: ConnectionTable): Listener {
  const local = socket?.local ?? { address: config.host ?? ANY_DUAL, port: config.port }
  return {
    local,
    family: familyOf(local.address),
    dualStack: socket?.dualStack ?? local.address === ANY_DUAL,
    pid: null,
    fd: null,
    inode: socket?.inode ?? null,
    state: 'down',
    pausedUntil: null,
    fault: 'the listener process is starting',
    unresponsive: false,
    behavior: config.behavior,
    rules: [],
    greeting: config.greeting,
    greetingLanguage: config.greetingLanguage,
    since: clock.now(),
    restarts: 0,
    backlog: config.backlog,
    maxConnections: config.maxConnections ?? 0,
    closedKept: config.closedKept,
    descriptorLimit: null,
    acceptQueue: null,
    containerGateway: containerGateway(),
    problems: [],
    pastProblems: [],
    counters: table.counters,
  }
}

/** Adds to an error the option that caused it. */
export async function named<T>(option: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { option })
  }
}

function code(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
