import type { FastifyPluginAsync } from 'fastify'
import { readdirSync } from 'node:fs'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import { descriptorLimit } from '../../descriptors.ts'
import type { Entry } from '../../table/entry.ts'
import { CLOSE_BY, CLOSE_HOW, PORT_PROBLEMS, PROBLEMS, RESET_BY } from '../../../shared/vocabulary.ts'
import { answers } from '../schemas/common.ts'
import type { Services } from '../services.ts'

/** Buckets in seconds. A single request takes milliseconds; a connection that is kept open may last a day. */
const DURATIONS = [0.01, 0.1, 1, 10, 60, 600, 3_600, 86_400]

const schema = {
  tags: ['server'],
  summary: 'Get the totals for Prometheus',
  response: answers({
    200: { description: 'Text, version 0.0.4.', content: { 'text/plain': { schema: Type.String() } } },
  }),
}

/** Serves `GET /metrics`. Values are read at each request; only closes and durations are counted as they happen. */
export const metricsRoutes: FastifyPluginAsync<Services> = async (app, services) => {
  const registry = new Registry()
  addConnections(registry, services)
  addKernel(registry, services)
  addProcess(registry, services)
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

function addConnections(registry: Registry, { table, hub, capture, listener }: Services): void {
  const { counters } = table
  total(registry, 'oneport_connections_accepted_total', 'Connections accepted.', () => counters.accepted)
  total(
    registry,
    'oneport_connections_refused_total',
    'New connections closed at once because of a limit.',
    () => counters.refused,
  )
  total(registry, 'oneport_received_bytes_total', 'Bytes received from clients.', () => counters.bytesIn)
  total(registry, 'oneport_sent_bytes_total', 'Bytes sent to clients.', () => counters.bytesOut)
  total(
    registry,
    'oneport_capture_dropped_bytes_total',
    'Captured bytes dropped because of the total limit.',
    () => capture.dropped,
  )
  gauge(registry, 'oneport_connections_live', 'Connections open or half-closed.', () => counters.live)
  new Gauge({
    name: 'oneport_problems',
    help: 'Live connections with a problem, by the weightiest one; or 1 for a problem of the port.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      for (const code of PROBLEMS) this.set({ code }, table.problems.get(code) ?? 0)
      for (const code of PORT_PROBLEMS) {
        this.set({ code }, listener.problems.some((problem) => problem.code === code) ? 1 : 0)
      }
    },
  })
  gauge(registry, 'oneport_readers', 'Dashboards and readers of events.', () => hub.readers)

  const registers = [registry]
  const closed = new Counter({
    name: 'oneport_connections_closed_total',
    help: 'Connections closed: by whom, and how.',
    labelNames: ['by', 'how'],
    registers,
  })
  for (const by of CLOSE_BY) for (const how of CLOSE_HOW) closed.inc({ by, how }, 0)
  const resets = new Counter({
    name: 'oneport_connections_reset_total',
    help: 'Connections ended by RST, instead of FIN or after it: by whom.',
    labelNames: ['by'],
    registers,
  })
  for (const by of RESET_BY) resets.inc({ by }, 0)
  const durations = new Histogram({
    name: 'oneport_connection_duration_seconds',
    help: 'From accept to close.',
    buckets: DURATIONS,
    registers,
  })
  table.onSettled = ({ close, openedAt }: Entry) => {
    if (close === null) return
    closed.inc({ by: close.by, how: close.how })
    if (close.reset !== null) resets.inc({ by: close.reset })
    // The clock may have been set back, and then another process closed the record (LISTENER_DIED).
    durations.observe(Math.max(0, close.at - openedAt) / 1000)
  }
}

function addKernel(registry: Registry, { kernel }: Services): void {
  const queue = () => kernel.state.acceptQueue
  gauge(registry, 'oneport_accept_queue_length', 'Connections waiting for accept().', () => queue()?.length ?? NaN)
  gauge(
    registry,
    'oneport_accept_queue_limit',
    'Limit of the accept queue; the kernel queues one more.',
    () => queue()?.limit ?? NaN,
  )
  total(
    registry,
    'oneport_kernel_closes_missed_total',
    'How often closes came faster than they could be taken from the kernel.',
    () => kernel.state.closesMissed ?? 0,
  )
  gauge(registry, 'oneport_kernel_available', '1: the kernel can be sampled. 0: it cannot.', () =>
    Number(kernel.state.available),
  )
  new Gauge({
    name: 'oneport_kernel_sockets',
    help: 'Live connections and sockets, by which side has them.',
    labelNames: ['held_by'],
    registers: [registry],
    collect() {
      const { both, onlyServer, onlyKernel } = kernel.state.agreement
      this.set({ held_by: 'both' }, both)
      this.set({ held_by: 'server' }, onlyServer)
      this.set({ held_by: 'kernel' }, onlyKernel)
    },
  })
}

/** Metrics of the control process, under the names that Prometheus's own client libraries use. */
function addProcess(registry: Registry, { lost }: Services): void {
  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  const startedAt = Math.round(Date.now() / 1000 - process.uptime())
  total(registry, 'process_cpu_seconds_total', 'CPU time spent.', cpuSeconds)
  gauge(registry, 'process_resident_memory_bytes', 'Resident memory.', orNaN(process.memoryUsage.rss))
  gauge(registry, 'process_start_time_seconds', 'Start of the process, seconds since the Unix epoch.', () => startedAt)
  total(registry, 'oneport_log_lost_lines_total', 'Lines of the log that could not be written.', () => lost.lines)
  gauge(
    registry,
    'process_open_fds',
    'Open descriptors.',
    orNaN(() => readdirSync('/proc/self/fd').length),
  )
  gauge(registry, 'process_max_fds', 'Descriptors the process may open.', () => descriptorLimit() ?? NaN)
}

function total(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}

/** NaN where the system does not tell, as without /proc. */
function orNaN(read: () => number): () => number {
  return () => {
    try {
      return read()
    } catch {
      return NaN
    }
  }
}
