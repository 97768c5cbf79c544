import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../test/tools.ts'

/** What page-probe.js has seen. Times are milliseconds since the Unix epoch. */
export interface Probe {
  /** When the row of each connection was on screen for the first time. */
  painted: Record<string, number>
  /** When the page was live with rows on screen. */
  usableAt: number | null
  /** Tasks over 50 ms (the Long Tasks API's own limit). */
  longTasks: { at: number; ms: number }[]
}

/** The page in a headless Chromium, as a person would have it open. */
export interface Dashboard {
  page: Page
  /** When the navigation began. */
  openedAt: number
  probe(): Promise<Probe>
  stop(): Promise<void>
}

const PROBE = fileURLToPath(new URL('page-probe.js', import.meta.url))
// Debian's Chromium looks for updates and the like, and its sandbox refuses to run as root.
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

/** @throws when there is no browser, or the page is not live in time */
export async function openDashboard(url: string): Promise<Dashboard> {
  const { path, reason } = findBrowser()
  if (path === null) throw new Error(reason)
  const browser = await chromium.launch({ executablePath: path, args: ARGS })
  try {
    return await openPage(browser, url)
  } catch (error) {
    await browser.close()
    throw error
  }
}

async function openPage(browser: Browser, url: string): Promise<Dashboard> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.addInitScript({ path: PROBE })
  await page.goto(url)
  await page.waitForSelector('html[data-link="live"]', { state: 'attached', timeout: 20_000 })
  return {
    page,
    openedAt: await page.evaluate<number>('performance.timeOrigin'),
    probe: () => page.evaluate<Probe>('window.oneportProbe'),
    stop: () => browser.close(),
  }
}
