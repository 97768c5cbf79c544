import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { ClientProcess } from '../client-process.ts'
import { openDashboard } from '../dashboard.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'

interface Load {
  name: string
  query: string
  connections: number
  perSecond: number
  /** Shares of a core: of the page's main thread, and of all processes of the browser. */
  main: number
  all: number
}

const LOADS: Load[] = [
  { name: 'idle', query: '', connections: 20, perSecond: 0, main: 0.01, all: Infinity },
  { name: 'few', query: '', connections: 20, perSecond: 20, main: 0.05, all: Infinity },
  { name: 'many', query: '', connections: 2_000, perSecond: 1_000, main: 0.2, all: 0.4 },
  { name: 'picture', query: '?view=picture', connections: 2_000, perSecond: 1_000, main: 0.35, all: Infinity },
]
const SETTLE_MS = 3_000
const MEASURE_MS = 8_000

export const pageCost: Row = {
  name: 'page-cost',
  what: 'CPU time of the open page, main thread / all processes of the browser, in percent of a core: idle; 20 connections, 20 changes a second; 2,000 and 1,000; the picture with 2,000 and 1,000',
  budget: 'main <= 1, 5, 20, 35 %; all <= 40 % at 2,000',
  measure,
}

async function measure(): Promise<Measurement> {
  const used: [Load, Used][] = []
  for (const load of LOADS) used.push([load, await usedBy(load)])
  return {
    measured: used.map(([, { main, all }]) => `${percent(main)} / ${percent(all)}`).join('; '),
    pass: used.every(([load, { main, all }]) => main <= load.main && all <= load.all),
    details: used.map(
      ([{ name, connections, perSecond }, { parts }]) =>
        `${name}: ${thousands(connections)} connections, ${thousands(perSecond)} changes a second; of the main thread, script ${percent(parts.script)}, style ${percent(parts.style)}, layout ${percent(parts.layout)}`,
    ),
  }
}

/** Shares of a core. */
interface Used {
  main: number
  all: number
  parts: { script: number; style: number; layout: number }
}

async function usedBy({ query, connections, perSecond }: Load): Promise<Used> {
  await using stack = new Stack()
  const { port, url } = stack.use(await startOneport(['--no-greeting']))
  const client = stack.use(new ClientProcess())
  await client.run('hold', { port, count: connections })
  const { page } = stack.use(await openDashboard(new URL(`/${query}`, url).href))
  const changes = perSecond === 0 ? null : client.run('change', { port, perSecond, ms: SETTLE_MS + MEASURE_MS })
  await sleep(SETTLE_MS)
  const look = await figuresOf(page)
  const before = await look()
  await sleep(MEASURE_MS)
  const after = await look()
  await changes
  const share = (what: keyof typeof before): number => (after[what] - before[what]) / (after.at - before.at)
  return {
    main: share('TaskDuration'),
    all: share('processes'),
    parts: { script: share('ScriptDuration'), style: share('RecalcStyleDuration'), layout: share('LayoutDuration') },
  }
}

const METRICS = ['TaskDuration', 'ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'] as const
type Figures = Record<(typeof METRICS)[number] | 'processes' | 'at', number>

/** All in seconds, from the Chrome DevTools Protocol. */
async function figuresOf(page: Page): Promise<() => Promise<Figures>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const browser = page.context().browser()
  if (browser === null) throw new Error('the browser is gone')
  const whole = await browser.newBrowserCDPSession()
  return async () => {
    const [{ metrics }, { processInfo }] = await Promise.all([
      session.send('Performance.getMetrics'),
      whole.send('SystemInfo.getProcessInfo'),
    ])
    const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN
    const figures = Object.fromEntries(METRICS.map((name) => [name, value(name)]))
    const processes = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
    return { ...(figures as Record<(typeof METRICS)[number], number>), processes, at: performance.now() / 1000 }
  }
}

function percent(share: number): string {
  return `${rounded(share * 100, 1)} %`
}
