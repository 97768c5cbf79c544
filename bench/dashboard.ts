import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../test/tools.ts'

/** The times recorded by page-probe.js, in milliseconds since the Unix epoch. */
export interface Probe {
  /** When each connection's row was first on screen. */
  painted: Record<string, number>
  /** When the page was live and showed rows. */
  usableAt: number | null
  /** Tasks over 50 ms, which is the limit of the Long Tasks API. */
  longTasks: { at: number; ms: number }[]
}

/** The page in a headless Chromium. */
export interface Dashboard {
  page: Page
  /** Start of the navigation, in milliseconds since the Unix epoch. */
  openedAt: number
  probe(): Promise<Probe>
  stop(): Promise<void>
}

const PROBE = fileURLToPath(new URL('page-probe.js', import.meta.url))
// Debian's Chromium looks for updates in the background, and its sandbox does not run as root.
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

/** @throws if there is no browser, or if the page is not live in time */
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
