import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { type Dashboard, openDashboard } from '../dashboard.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median } from '../stats.ts'

const USABLE_MS = 1_000
const TASK_MS = 50
const CONNECTIONS = 19_000
const PER_SECOND = 5_000
const LOADS = 3
const SCROLL_MS = 8_000
const SCROLL_STEP_MS = 50

export const page: Row = {
  name: 'page',
  what: `${thousands(CONNECTIONS)} live connections: page usable after load; then scrolling with ${thousands(PER_SECOND)} changes a second`,
  budget: `<= ${USABLE_MS / 1000} s; no task over ${TASK_MS} ms`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const { port, url } = stack.use(await startOneport())
  const client = stack.use(new ClientProcess())
  await client.run('hold', { port, count: CONNECTIONS })

  const usable: number[] = []
  for (let i = 1; i < LOADS; i++) usable.push(await load(url))
  const dashboard = stack.use(await openDashboard(url))
  usable.push(await usableAfter(dashboard))

  await sleep(1_000)
  const start = Date.now()
  const [made, scrolls] = await Promise.all([
    client.run('change', { port, perSecond: PER_SECOND, ms: SCROLL_MS }),
    scroll(dashboard, start + SCROLL_MS),
  ])
  const { longTasks, painted } = await dashboard.probe()
  const drawn = Object.values(painted).filter((at) => at >= start).length
  if (drawn < scrolls) throw new Error(`the list did not scroll: ${scrolls} wheel turns drew ${drawn} rows`)
  const long = longTasks.filter(({ at }) => at >= start).map(({ ms }) => ms)
  const longest = Math.max(0, ...long)
  return {
    measured: `${rounded(median(usable) / 1000)} s; ${long.length} tasks over ${TASK_MS} ms${long.length > 0 ? `, the longest ${rounded(longest, 0)} ms` : ''}`,
    pass: median(usable) <= USABLE_MS && long.length === 0,
    details: [
      `usable after ${usable.map((ms) => rounded(ms / 1000)).join(', ')} s (a new browser each time)`,
      `${scrolls} wheel turns in ${SCROLL_MS / 1000} s drew ${thousands(drawn)} rows not seen before; ${thousands(made)} changes a second made (one in ten an accept or a close)`,
      `tasks over ${TASK_MS} ms while loading: ${loading(longTasks, start)}`,
    ],
  }
}

async function load(url: string): Promise<number> {
  const dashboard = await openDashboard(url)
  try {
    return await usableAfter(dashboard)
  } finally {
    await dashboard.stop()
  }
}

async function usableAfter({ page, openedAt, probe }: Dashboard): Promise<number> {
  await page.waitForFunction('window.oneportProbe.usableAt !== null')
  return ((await probe()).usableAt ?? NaN) - openedAt
}

/** Turns the wheel over the list, down and up again. */
async function scroll({ page }: Dashboard, until: number): Promise<number> {
  // A row would be gone before it is measured.
  const rows = await page.locator('.list .viewport').boundingBox()
  if (rows === null) throw new Error('no rows on the page')
  await page.mouse.move(rows.x + rows.width / 2, rows.y + rows.height / 2)
  let turns = 0
  for (; Date.now() < until; turns++) {
    await page.mouse.wheel(0, turns % 40 < 25 ? 400 : -400)
    await sleep(SCROLL_STEP_MS)
  }
  return turns
}

function loading(longTasks: { at: number; ms: number }[], before: number): string {
  const tasks = longTasks.filter(({ at }) => at < before).map(({ ms }) => rounded(ms, 0))
  return tasks.length > 0 ? `${tasks.join(', ')} ms` : 'none'
}
