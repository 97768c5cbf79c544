import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../../../server/app.ts'
import { CLOSE_BY, CLOSE_HOW, RESET_BY } from '../../../../shared/vocabulary.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { connectClient } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'
import { findNamespaces, inNamespace } from '../../../support/namespace.ts'
import { isMissing, titleWith } from '../../../tools.ts'

/** Each sample by name and labels, parsed like Prometheus does. */
async function scrape(app: App): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${app.uiPort}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      expect(line).toMatch(/^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? \S+$/)
      const [name = '', value] = line.split(/ (?=\S+$)/)
      return [name, Number(value)]
    }),
  )
}

test('a fresh server has a series at 0 for every way a connection can close, so that the first close is an increase', async () => {
  const samples = await scrape(await startServer())
  const series = [
    ...CLOSE_BY.flatMap((by) => CLOSE_HOW.map((how) => `oneport_connections_closed_total{by="${by}",how="${how}"}`)),
    ...RESET_BY.map((by) => `oneport_connections_reset_total{by="${by}"}`),
  ]
  const found = [...samples].filter(([name]) => /^oneport_connections_(closed|reset)_total/.test(name))
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(series.map((name) => [name, 0])))
})

test('metrics count connections, bytes, closes by whom and how, and how long connections lasted', async () => {
  const app = await startServer({ greeting: false, maxConnections: 2 })
  const feed = await openFeed(app.uiPort)
  const clients = [await connectClient(app.port), await connectClient(app.port)]
  clients[0]?.read().socket.write('12345')
  await clients[0]?.bytes(5)
  await (await connectClient(app.port)).read().ended
  clients[1]?.socket.resetAndDestroy()
  await feed.closedOf(clients[1]?.local.port ?? 0)
  await feed.until('one was refused', ({ table }) => table.counters?.refused === 1 && table.counters.bytesOut === 5)
  // The sampler may not have seen the close yet.
  await getJson(app, '/api/kernel')

  // The metrics count a close once the kernel has reported it too.
  const resets = 'oneport_connections_closed_total{by="peer",how="reset"}'
  await expect.poll(async () => (await scrape(app)).get(resets)).toBe(1)

  const samples = await scrape(app)
  expect(Object.fromEntries(samples)).toMatchObject({
    oneport_connections_accepted_total: 2,
    oneport_connections_live: 1,
    oneport_connections_refused_total: 1,
    oneport_received_bytes_total: 5,
    oneport_sent_bytes_total: 5,
    'oneport_connections_closed_total{by="server",how="fin"}': 0,
    'oneport_connections_reset_total{by="peer"}': 1,
    'oneport_connections_reset_total{by="server"}': 0,
    oneport_log_lost_lines_total: 0,
    oneport_connection_duration_seconds_count: 1,
    'oneport_connection_duration_seconds_bucket{le="60"}': 1,
    'oneport_connection_duration_seconds_bucket{le="+Inf"}': 1,
    oneport_readers: 1,
    oneport_accept_queue_length: 0,
    'oneport_kernel_sockets{held_by="both"}': 1,
  })
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds']) {
    expect(samples.get(name), name).toBeGreaterThan(0)
  }
})

test('metrics count the connections that were lost with the listener process', async () => {
  const app = await startServer()
  const feed = await openFeed(app.uiPort)
  const client = await connectClient(app.port)
  await feed.connection('known', (c) => c.remote.port === client.local.port)
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  await feed.closedOf(client.local.port)
  // The close is counted when the kernel's account has come.
  const lost = async () => (await scrape(app)).get('oneport_connections_closed_total{by="system",how="error"}')
  await expect.poll(lost).toBe(1)
})

test('the histogram of durations has real ones, though the clock is set back before the listener process dies', async () => {
  const app = await startServer()
  const began = performance.now()
  const feed = await openFeed(app.uiPort)
  const client = await connectClient(app.port)
  await feed.connection('known', (c) => c.remote.port === client.local.port)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  await feed.closedOf(client.local.port)
  await expect.poll(async () => (await scrape(app)).get('oneport_connection_duration_seconds_count')).toBe(1)
  const samples = await scrape(app)
  const sum = samples.get('oneport_connection_duration_seconds_sum')
  expect(sum).toBeGreaterThanOrEqual(0)
  expect(sum).toBeLessThanOrEqual((performance.now() - began) / 1000)
})

test.skipIf(process.platform !== 'linux')(
  'a scrape makes no diagnostic report, which would ask DNS for every peer',
  async () => {
    const app = await startServer()
    const report = vi.spyOn(process.report, 'getReport')
    onTestFinished(() => report.mockRestore())
    expect((await scrape(app)).get('process_max_fds')).toBeGreaterThan(0)
    expect(report).not.toHaveBeenCalled()
  },
)

interface Asked {
  asked: number
  statuses: number[]
  tookMs: number
  longestTurnMs: number
}

const namespaces = findNamespaces()
/** The resolver waits for each answer this long (resolv.conf(5)). */
const DNS_TIMEOUT_MS = 5_000

test.skipIf(isMissing(namespaces))(
  titleWith('a DNS server that never answers is not asked for the readers, and a scrape holds up nothing', namespaces),
  async () => {
    const { asked, statuses, tookMs, longestTurnMs } = await inNamespace<Asked>('silent-dns.ts', [])
    expect({ asked, statuses }).toEqual({ asked: 0, statuses: [200, 200, 200] })
    expect(tookMs).toBeLessThan(DNS_TIMEOUT_MS)
    expect(longestTurnMs).toBeLessThan(1_000)
  },
)
