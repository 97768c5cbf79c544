import type { Logger } from 'pino'
import { randomUUID } from 'node:crypto'
import { AcceptLease } from './ports/accept-lease.ts'
import { Actions } from './ports/actions.ts'
import type { Config } from './config/config.ts'
import { clock } from './clock.ts'
import { ClassRoom } from './class/class-room.ts'
import { openClassDashboard } from './class-dashboard.ts'
import { Clients } from './clients/clients.ts'
import { Crowd } from './clients/crowd.ts'
import { buildHttp } from './http/server.ts'
import { KernelWatch } from './ports/kernel-watch.ts'
import { socketInode } from './kernel/descriptor.ts'
import { localName } from './local-name.ts'
import type { Lost } from './log.ts'
import type { FactsMessage, FaultMessage, ListeningMessage } from './listener/messages.ts'
import { ListenerSupervisor } from './listener/supervisor.ts'
import { trimHeapRegularly } from './heap-trim.ts'
import { listenHttp } from './listen-http.ts'
import { loadLibc } from './libc.ts'
import { ListenTrials } from './ports/listen-trials.ts'
import { listenerFacts, listenerOptions, named, openPort } from './ports/listening-port.ts'
import { FactsReader } from './table/apply.ts'
import { Attention } from './table/attention.ts'
import { PastProblems } from './table/past-problems.ts'
import { PortAttention } from './table/port-attention.ts'
import { CounterHistory } from './table/counter-history.ts'
import { Hub } from './table/hub.ts'
import { LISTENER_DIED } from './table/judge.ts'
import { ConnectionTable } from './table/table.ts'
import { type Endpoint, formatEndpoint, plainAddress } from '../shared/endpoint.ts'
import type { Language } from '../shared/language.ts'
import type { BehaviorSetting } from '../shared/script.ts'
import pkg from '../package.json' with { type: 'json' }

/** How often connections that may have a problem are examined, in milliseconds. */
const EXAMINE_MS = 500

export interface App {
  port: number
  uiPort: number
  url: string
  /** A command that connects to the port from this machine. */
  tryIt: string
  /** Stops accepting, sends FIN to every client and RST after `graceMs` milliseconds, and then stops the dashboard. */
  stop(graceMs: number): Promise<void>
}

/**
 * Builds and starts everything.
 * @throws the errno of bind or listen, with `code` and `option` (`--port` or `--ui-port`)
 */
export async function startApp(config: Config, log: Logger, lost: Lost = { lines: 0 }): Promise<App> {
  const table = new ConnectionTable(config.closedKept)
  const hub = new Hub(table)
  const facts = new FactsReader(table)
  const history = new CounterHistory(table.counters)
  const libc = await loadLibc()
  const socket = await openPort(libc, config)
  const listener = listenerFacts(config, socket, table)
  const capture = { dropped: 0 }

  const supervisor = new ListenerSupervisor(listenerOptions(config, socket), {
    listening(pid, message: ListeningMessage) {
      const { address, port } = message
      Object.assign(listener, {
        pid,
        fd: message.fd,
        local: { address: plainAddress(address), port },
        dualStack: address === '::',
        maxConnections: message.maxConnections,
        descriptorLimit: message.descriptorLimit,
        state: 'accepting',
        fault: null,
      })
      hub.announce('listener')
      log.debug({ pid, fd: message.fd }, 'listener process accepts')
      if (config.maxConnections !== null && message.maxConnections < config.maxConnections) {
        const { maxConnections, descriptorLimit } = message
        log.warn(
          { maxConnections, descriptorLimit },
          'fewer connections than asked for: raise the limit of open files (ulimit -n)',
        )
      }
    },
    paused(pid, message) {
      if (listener.state !== 'paused') log.info({ pid }, 'accepting has been stopped: the kernel queues new clients')
      Object.assign(listener, { pid, fd: message.fd, state: 'paused', fault: null })
      hub.announce('listener')
    },
    greeting(language) {
      if (language !== null) listener.greetingLanguage = language
      hub.announce('listener')
    },
    behavior({ behavior, rules }) {
      Object.assign(listener, { behavior, rules })
      if (behavior === 'chargen') crowd.close(null)
      hub.announce('listener')
    },
    unresponsive(unresponsive) {
      listener.unresponsive = unresponsive
      hub.announce('listener')
      if (unresponsive)
        log.error({ pid: listener.pid }, 'the listener process does not answer: it has been stopped, or hangs')
      else log.info({ pid: listener.pid }, 'the listener process answers again')
    },
    captureDropped(bytes) {
      capture.dropped += bytes
    },
    facts(pid, message: FactsMessage) {
      facts.apply(message, pid, listener.local.port)
      for (const [id, , , local, address, port] of message.opened) {
        clients.accepted(id, { address: local, port: listener.local.port }, { address, port })
      }
      // A crowd was asked for, and is no problem of the port.
      for (const [, , , , address] of message.opened) if (!crowd.took(address)) portAttention.opened(address)
      for (const [, , , address] of message.refused) portAttention.opened(address, true)
      for (const [id] of message.closed) {
        const entry = table.get(id)
        if (!crowd.has(entry?.remote.address ?? '')) portAttention.closed(entry)
      }
      hub.flush()
      if (log.isLevelEnabled('debug')) logFacts(log, message)
    },
    fault(message: FaultMessage) {
      listener.state = message.code === null ? 'accepting' : 'down'
      listener.fault = message.code === null ? null : message.message
      hub.announce('listener')
      log[message.code === null ? 'info' : 'error']({ code: message.code }, listener.fault ?? 'accepts again')
    },
    died(how) {
      crowd.kill()
      const at = clock.now()
      table.closeAll({ at, by: 'system', how: 'error', reset: null, code: LISTENER_DIED, evidence: null })
      Object.assign(listener, {
        pid: null,
        fd: null,
        state: 'down',
        fault: `the listener process ended (${how}); new clients wait in the kernel's queue until the next process accepts them`,
        restarts: listener.restarts + 1,
      })
      hub.announce('listener')
      log.error({ how }, 'the listener process ended; starting the next one')
    },
  })

  const attention = new Attention(table)
  const portAttention = new PortAttention(table)
  const pastProblems = new PastProblems()
  const examine = (): void => {
    attention.examine(clock.now())
    const problems = portAttention.examine(clock.now())
    if (problems !== null) {
      listener.problems = problems
      listener.pastProblems = pastProblems.take(problems, clock.now())
      hub.announce('listener')
    }
    hub.flush()
  }
  // Some problems are one only after a time, and without samples nothing else would examine them.
  const examining = setInterval(examine, EXAMINE_MS)
  const kernel = new KernelWatch(
    table,
    listener,
    (acceptQueue, failure) => {
      const before = listener.acceptQueue
      listener.acceptQueue = acceptQueue
      if (before?.length !== acceptQueue?.length || before?.limit !== acceptQueue?.limit) hub.announce('listener')
      attention.examine(clock.now())
      portAttention.sampled(listener.state === 'accepting' ? acceptQueue : null, clock.now())
      hub.announce('kernel')
      if (failure !== null) log.warn({ reason: failure }, 'the kernel cannot be asked for its sockets')
    },
    (failure) => {
      hub.flush()
      if (failure !== null) log.warn({ reason: failure }, 'the kernel does not tell how connections end')
    },
  )
  const stopClock = clock.onStep((ms) => {
    log.warn({ ms }, "the system's clock was set: all recorded times move with it")
    for (const times of [table, history, kernel, attention, portAttention, lease]) times.shift(ms)
    room.session?.shift(ms)
    listener.since += ms
    listener.pastProblems = pastProblems.shift(ms)
    hub.startOver()
  })
  const lease = new AcceptLease(listener, () => {
    log.info('nobody repeated in time that accepting is stopped')
    // An unresponsive process gets the order too, and obeys it later.
    void resume().catch((error: unknown) => log.warn({ error }, 'accepting does not resume yet'))
  })
  // The lease comes first: a process that does not answer may still obey.
  const pause = (leaseMs: number | null): Promise<void> => {
    lease.hold(leaseMs)
    return supervisor.setAccepting(false)
  }
  const resume = (): Promise<void> => {
    lease.end()
    return supervisor.setAccepting(true)
  }
  const clients = new Clients(() => listener.local, table)
  const actions = new Actions({ table, hub, listener, kernel, ask: (ask) => supervisor.ask(ask) })
  const crowd = new Crowd(
    { listener, live: () => table.live(), close: (ids) => actions.close(ids, 'fin') },
    libc !== null,
  )
  const room = new ClassRoom({
    clients,
    listener,
    listen: (at) => openClassDashboard(source, config, log, at),
    changed: () => hub.announce('class'),
  })
  const source: Parameters<typeof buildHttp>[0] = {
    table,
    hub,
    history,
    listener,
    kernel,
    capture,
    lost,
    clients,
    crowd,
    room,
    listenTrials: new ListenTrials(() => listener.local),
    actions,
    descriptorInode: socketInode,
    accepting: socket === null ? null : { pause, resume },
    setGreeting: (language: Language) => supervisor.setGreeting(language),
    setBehavior: (setting: BehaviorSetting) => supervisor.setBehavior(setting),
    instance: randomUUID(),
    version: pkg.version,
  }
  const stopTrimming = libc === null ? null : trimHeapRegularly(libc, () => table.seq)
  const http = await buildHttp(source, config, log)
  let uiPort: number
  try {
    // The dashboard starts first, so that no connection is accepted before anyone can see it.
    const at = { address: config.uiHost, port: config.uiPort }
    uiPort = await named('--ui-port', () => listenHttp(http, at, 'the dashboard'))
    await named('--port', () => supervisor.start())
  } catch (error) {
    await supervisor.stop(0)
    await http.close()
    history.stop()
    stopTrimming?.()
    stopClock()
    clearInterval(examining)
    await kernel.stop()
    socket?.close()
    throw error
  }
  const [uiName, name] = await Promise.all([
    localNameOf({ address: config.uiHost, port: uiPort }, log),
    localNameOf(listener.local, log),
  ])

  return {
    port: listener.local.port,
    uiPort,
    url: dashboardUrl(uiName, uiPort),
    tryIt: `nc ${name} ${listener.local.port}`,
    async stop(graceMs) {
      // Announced before the FINs, so that readers can tell why they are sent.
      Object.assign(listener, { fd: null, state: 'stopping', fault: null })
      hub.announce('listener')
      // Both copies of the listening descriptor must be closed before the kernel refuses new connections.
      socket?.close()
      clients.closeAll()
      crowd.kill()
      await Promise.all([room.stop(), supervisor.stop(graceMs)])
      await http.close()
      history.stop()
      lease.end()
      stopTrimming?.()
      stopClock()
      clearInterval(examining)
      await kernel.stop()
    },
  }
}

/** The address as a user would type it on this machine. In a URL, the zone of a link-local address begins with %25 (RFC 6874). */
function dashboardUrl(name: string, port: number): string {
  return `http://${formatEndpoint({ address: name.replace('%', '%25'), port })}`
}

/** The name for people on this machine. Warns if `localhost` would lead them to another program. */
async function localNameOf({ address, port }: Endpoint, log: Logger): Promise<string> {
  const { name, taken } = await localName(address, port)
  if (taken) log.warn({ port }, `another program listens on [::1]:${port}: use ${name}:${port}, not localhost:${port}`)
  return name
}

function logFacts(log: Logger, { opened, closed }: FactsMessage): void {
  for (const [id, , , , address, port] of opened) log.debug({ id, remote: formatEndpoint({ address, port }) }, 'accept')
  for (const [id, , by, how, reset, errno] of closed) log.debug({ id, by, how, reset, code: errno }, 'close')
}
