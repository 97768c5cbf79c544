import { createServer, type DropArgument, type Server } from 'node:net'
import { plainAddress } from '../../shared/endpoint.ts'
import { BEHAVIORS } from './behaviors.ts'
import { ConnectedSocket, type Port } from './connected-socket.ts'
import type { FromListener, ListenerOptions, ToListener } from './facts.ts'
import { Outbox } from './outbox.ts'

// The listener process: it alone holds client sockets. It is told what to do and tells what happened over IPC.

/** Descriptors that are not connections: the event loop's own, IPC, logs, the listening socket. */
const RESERVED_DESCRIPTORS = 64
/** So long after the last failure to accept, accepting counts as mended. */
const FAULT_MS = 1_000
/** Where the system sets no limit of its own. */
const MOST_CONNECTIONS = 1_000_000

let stop: ((graceMs: number) => void) | null = null

process.on('message', (message: ToListener) => {
  if (message.type === 'start') stop = start(message.options)
  else stop?.(message.graceMs)
})
// Without the control process nobody could see or stop this one.
process.on('disconnect', () => process.exit(0))
// A terminal's Ctrl-C reaches the whole process group; the control process decides what it means.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

function start(options: ListenerOptions): (graceMs: number) => void {
  const descriptors = descriptorLimit()
  const maxConnections = connectionLimit(options.maxConnections, descriptors)
  const outbox = new Outbox((message, sent) => send(message, sent))
  const port: Port = {
    behavior: BEHAVIORS[options.behavior],
    greeting: options.greeting,
    idleTimeoutMs: options.idleTimeoutMs,
    localPort: options.port,
    outbox,
    live: new Set(),
  }
  let nextId = options.firstId
  let fault: NodeJS.Timeout | null = null

  const server = createServer({ allowHalfOpen: true })
  // Node counts accepted sockets itself and closes those over the limit before they cost anything.
  Object.defineProperty(server, 'maxConnections', { get: () => (outbox.behind ? 0 : maxConnections) })
  server.on('connection', (socket) => {
    new ConnectedSocket(nextId++, socket, port)
  })
  server.on('drop', (drop) => {
    if (drop === undefined) return
    const why = outbox.behind ? 'behind' : 'max-connections'
    outbox.refuse(why, ...refusedEndpoints(drop))
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    // A failing accept(2) is tried, and fails, again and again while a client waits: told once, and over when it stops.
    if (fault !== null) return void fault.refresh()
    send({ type: 'fault', code: error.code ?? 'UNKNOWN', message: error.message })
    fault = setTimeout(() => {
      fault = null
      if (server.listening) send({ type: 'fault', code: null, message: '' })
    }, FAULT_MS)
  })
  server.on('listening', () => {
    const address = server.address()
    if (address === null || typeof address === 'string') return
    port.localPort = address.port
    send({
      type: 'listening',
      fd: descriptor(server),
      address: address.address,
      port: address.port,
      maxConnections,
      descriptorLimit: descriptors,
    })
  })
  // listen(2) is called once more on an inherited descriptor: it keeps the queue, and sets the limit anew.
  const { fd, host, backlog } = options
  server.listen(fd === null ? { host, port: options.port, backlog } : { fd, backlog })

  return (graceMs) => void shutDown(server, port, graceMs)
}

/** Stop accepting, FIN to everyone, RST to those who have not closed after `graceMs`, tell the last facts, end. */
async function shutDown(server: Server, port: Port, graceMs: number): Promise<void> {
  server.close()
  // Not server.close's callback: it comes before the last sockets' own `close`, and their facts would not be told.
  const allClosed = Promise.all(
    [...port.live].map(({ socket }) => new Promise<void>((resolve) => socket.once('close', () => resolve()))),
  )
  for (const connection of port.live) connection.finish('server')
  const timer = setTimeout(() => {
    for (const connection of port.live) connection.reset('server')
  }, graceMs)
  await allClosed
  clearTimeout(timer)
  await port.outbox.emptied()
  process.exit(0)
}

function send(message: FromListener, sent?: () => void): void {
  // The callback also comes with an error, when the control process has gone: `disconnect` ends us then.
  process.send?.(message, undefined, undefined, () => sent?.())
}

/** RLIMIT_NOFILE of this process (getrlimit(2)); Node has already raised it as far as it may. */
function descriptorLimit(): number | null {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : null
}

/** The wish, or as many as there can be descriptors for, whichever is less. */
function connectionLimit(wish: number | null, descriptors: number | null): number {
  const possible = descriptors === null ? MOST_CONNECTIONS : Math.max(1, descriptors - RESERVED_DESCRIPTORS)
  return Math.min(wish ?? possible, possible)
}

function refusedEndpoints(drop: DropArgument): [string, string, number] {
  return [plainAddress(drop.localAddress ?? ''), plainAddress(drop.remoteAddress ?? ''), drop.remotePort ?? 0]
}

function descriptor(server: Server): number {
  const { _handle } = server as unknown as { _handle: { fd?: number } | null }
  return _handle?.fd ?? -1
}
