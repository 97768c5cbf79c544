import { ClientProcess } from '../client-process.ts'
import { openDashboard } from '../dashboard.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { ratio, rounds, type Series } from '../rounds.ts'
import { startBare, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median } from '../stats.ts'

const BUDGET = 0.95
export const WARM_UPS = 1
export const ROUNDS = 11
const CONNECTIONS = 4
const MS = 300
const MIB = 1024 * 1024

export const throughput: Row = {
  name: 'throughput',
  what: 'echo throughput, 64 KiB writes, one dashboard open / bare',
  budget: `>= ${BUDGET}`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const client = stack.use(new ClientProcess())
  const data = stack.use(await startBare('data'))
  const pipe = stack.use(await startBare('pipe'))
  const oneport = stack.use(await startOneport())
  const load = keepFull(client)
  const reader = await openReader(oneport.url)
  await rounds({ data, pipe, oneport }, WARM_UPS, load)
  const plain = await rounds({ data, pipe, oneport }, ROUNDS, load)
  await reader.stop()
  const kind = median(plain.data.rates) >= median(plain.pipe.rates) ? 'data' : 'pipe'
  const bare = plain[kind]

  stack.use(await openDashboard(oneport.url))
  const inBrowser = await rounds({ bare: { data, pipe }[kind], oneport }, ROUNDS, load)
  const withReader = ratio(plain.oneport, bare)
  const withPage = ratio(inBrowser.oneport, inBrowser.bare)
  return {
    measured: `${rounded(withReader)} (reader), ${rounded(withPage)} (page in Chromium)`,
    pass: withReader >= BUDGET && withPage >= BUDGET,
    details: [
      `bare (${kind}, the faster way): ${figures(bare)}; oneport: ${figures(plain.oneport)}`,
      `the same with the page open: bare ${figures(inBrowser.bare)}; oneport ${figures(inBrowser.oneport)}`,
    ],
  }
}

/** Keeps four connections full for a short time. The unit of work is 1 MiB. */
export function keepFull(client: ClientProcess) {
  return async ({ port }: { port: number }): Promise<{ rate: number; units: number }> => {
    const rate = await client.run('throughput', { port, connections: CONNECTIONS, ms: MS })
    return { rate, units: (rate * MS) / 1000 / MIB }
  }
}

export function figures({ rates, cpu }: Series): string {
  const each = Object.entries(cpu).map(([what, micros]) => `${what} ${rounded(micros, 0)} µs`)
  return `${rounded(median(rates) / MIB, 0)} MiB/s (CPU a MiB: ${each.join(', ')})`
}
