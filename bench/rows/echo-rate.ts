import { ClientProcess } from '../client-process.ts'
import { openDashboard } from '../dashboard.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { ratio, rounds, type Series } from '../rounds.ts'
import { startBare, startOneport } from '../servers.ts'
import { median } from '../stats.ts'
import { Stack } from '../stack.ts'

const WITH_READER = 0.9
const WITH_PAGE = 0.8
const COUNT = 4_000
const IN_FLIGHT = 64
const WARM_UPS = 5
const ROUNDS = 21

export const echoRate: Row = {
  name: 'echo-rate',
  what: 'connect, echo 16 bytes, close: rate with one dashboard open / bare `net` echo server',
  budget: `>= ${rounded(WITH_READER)} (reader), >= ${rounded(WITH_PAGE)} (page)`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const client = stack.use(new ClientProcess())
  const data = stack.use(await startBare('data'))
  const pipe = stack.use(await startBare('pipe'))
  const quiet = stack.use(await startOneport(['--no-greeting']))
  const greeting = stack.use(await startOneport())
  const load = async ({ port }: { port: number }) => ({
    rate: await client.run('echoRate', { port, count: COUNT, inFlight: IN_FLIGHT }),
    units: COUNT,
  })
  for (const { url } of [quiet, greeting]) stack.use(await openReader(url))
  await rounds({ data, pipe, quiet, greeting }, WARM_UPS, load)
  const plain = await rounds({ data, pipe, quiet, greeting }, ROUNDS, load)
  const [kind, bare] = faster(plain.data, plain.pipe)

  stack.use(await openDashboard(quiet.url))
  const inBrowser = await rounds({ bare: { data, pipe }[kind], quiet }, ROUNDS, load)
  const withPage = ratio(inBrowser.quiet, inBrowser.bare)
  const withReader = ratio(plain.quiet, bare)
  return {
    measured: `${rounded(withReader)} (reader), ${rounded(withPage)} (page in Chromium)`,
    pass: withReader >= WITH_READER && withPage >= WITH_PAGE,
    details: [
      `bare (${kind}, the faster way): ${figures(bare)}; oneport --no-greeting: ${figures(plain.quiet)}`,
      `the same with the page open: bare ${figures(inBrowser.bare)}; oneport ${figures(inBrowser.quiet)}`,
      `with the greeting on (more work for client and server, no part of the budget): ${figures(plain.greeting)}, ratio ${rounded(ratio(plain.greeting, bare))}`,
      `CPU of the bare server / of the listener process, a connection: ${rounded(cpuOf(bare) / cpuOf(plain.quiet))}`,
    ],
  }
}

function faster(data: Series, pipe: Series): ['data' | 'pipe', Series] {
  return median(data.rates) >= median(pipe.rates) ? ['data', data] : ['pipe', pipe]
}

function figures({ rates, cpu }: Series): string {
  const each = Object.entries(cpu).map(([what, micros]) => `${what} ${rounded(micros, 1)} µs`)
  return `${thousands(median(rates))} connections/s (CPU a connection: ${each.join(', ')})`
}

function cpuOf({ cpu }: Series): number {
  return cpu['server'] ?? cpu['listener'] ?? NaN
}
