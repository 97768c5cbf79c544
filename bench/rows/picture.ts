import type { Page } from 'playwright-core'
import { ClientProcess } from '../client-process.ts'
import { openDashboard } from '../dashboard.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { percentile } from '../stats.ts'

const FRAME_MS = 16.7
/** Chromium rounds frame times to a tenth of a millisecond, so an interval of 1/60 s may read as 16.8 ms. */
const ROUNDING_MS = 0.15
/** The last count is near this machine's per-process descriptor limit. */
const COUNTS = [100, 2_000, 19_500]
const PER_SECOND = 1_000
const MEASURE_MS = 8_000
const SETTLE_MS = 2_000
const EMPTY_MS = 4_000

export const picture: Row = {
  name: 'picture',
  what: `the picture with ${COUNTS.map(thousands).join(', ')} connections and ${thousands(PER_SECOND)} changes a second: time from frame to frame`,
  budget: `p95 <= ${FRAME_MS} ms`,
  measure,
}

/** All in milliseconds. */
interface Frames {
  /** From one animation frame to the next. */
  intervals: number[]
  /** From the frame's time until script, style, layout and paint are done; raster and display are not included. */
  work: number[]
}

/** Counters of what the picture has drawn so far. */
interface Drawn {
  pulses: number
  births: number
}

async function measure(): Promise<Measurement> {
  const details: string[] = []
  const p95s: number[] = []
  for (const count of COUNTS) {
    const { intervals, work, pulses, births, made, empty } = await framesAt(count)
    p95s.push(percentile(intervals, 95))
    details.push(
      `${thousands(count)} connections: ${intervals.length} frames in ${MEASURE_MS / 1000} s, from frame to frame ${spread(intervals)}; script and paint of a frame ${spread(work)}; ${thousands(made)} changes a second made, ${thousands(pulses)} pulses and ${thousands(births)} births drawn; an empty page at the same load, from frame to frame ${spread(empty)}`,
    )
  }
  return {
    measured: `p95 ${p95s.map((ms) => rounded(ms, 1)).join(', ')} ms`,
    pass: p95s.every((ms) => ms <= FRAME_MS + ROUNDING_MS),
    details,
  }
}

async function framesAt(count: number): Promise<Frames & Drawn & { made: number; empty: number[] }> {
  await using stack = new Stack()
  const { port, url } = stack.use(await startOneport(['--no-greeting']))
  const client = stack.use(new ClientProcess())
  await client.run('hold', { port, count })
  const { page } = stack.use(await openDashboard(new URL('/?view=picture', url).href))
  await page.waitForFunction(`Number(document.querySelector('[data-picture]')?.dataset.sockets) >= ${count}`)
  const [made, seen] = await Promise.all([
    client.run('change', { port, perSecond: PER_SECOND, ms: SETTLE_MS + MEASURE_MS + EMPTY_MS }),
    watch(page),
  ])
  return { ...seen, made }
}

async function watch(page: Page): Promise<Frames & Drawn & { empty: number[] }> {
  await page.waitForTimeout(SETTLE_MS)
  const before = await drawn(page)
  const frames = await observe(page, MEASURE_MS)
  const after = await drawn(page)
  const [pulses, births] = [after.pulses - before.pulses, after.births - before.births]
  if (pulses === 0) throw new Error('the picture drew no data')
  // An empty page shows how smooth any page can be on this machine under the same load.
  await page.goto('about:blank')
  const { intervals: empty } = await observe(page, EMPTY_MS)
  return { ...frames, pulses, births, empty }
}

function drawn(page: Page): Promise<Drawn> {
  return page.evaluate<Drawn>(`(({ dataset: { pulses, births } }) => ({ pulses: Number(pulses), births: Number(births) }))(
    document.querySelector('[data-picture]'))`)
}

/** Measures frames. A task queued in a frame runs after that frame's paint. */
function observe(page: Page, ms: number): Promise<Frames> {
  return page.evaluate<Frames>(`new Promise((resolve) => {
    const intervals = [], work = []
    const end = performance.now() + ${ms}
    let last = null
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => work.push(performance.now() - data)
    requestAnimationFrame(function frame(time) {
      if (last !== null) intervals.push(time - last)
      last = time
      port2.postMessage(time)
      if (time < end) requestAnimationFrame(frame)
      else resolve({ intervals, work })
    })
  })`)
}

function spread(values: number[]): string {
  return `p50 ${rounded(percentile(values, 50), 1)}, p95 ${rounded(percentile(values, 95), 1)}, p99 ${rounded(percentile(values, 99), 1)} ms`
}
