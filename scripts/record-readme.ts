/**
 * `npm run docs:record`: makes docs/oneport.gif, the animation in the README, and docs/*.png, with a real server, the real
 * page and real clients. It runs in a network namespace of its own, where port 8080 and the client ports are free.
 * Needs Linux, nc (OpenBSD), ffmpeg, and Chromium or Chrome.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Page } from 'playwright-core'
import { findBrowser } from '../test/tools.ts'
import { Film } from './record/film.ts'
import { takePictures } from './record/pictures.ts'
import { startServer } from './record/server.ts'
import { Terminals } from './record/terminals.ts'

const FILE = join(import.meta.dirname, '../docs/oneport.gif')
const HEIGHT = 640
const PAGE_WIDTH = 590
const TERMINALS_WIDTH = 410
const SCALE = 1.5
const LAST_FRAME_MS = 1_800

const browserPath = findBrowser().path
if (browserPath === null) throw new Error('no Chromium or Chrome found')

const server = await startServer('--port=8080', '--ui-port=0')
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', deviceScaleFactor: SCALE })
  const dashboard = await openPage(PAGE_WIDTH)
  await dashboard.goto(server.url)
  await dashboard.locator('html[data-link=live]').waitFor()
  const terminals = await Terminals.open(await openPage(TERMINALS_WIDTH), 2)

  const film = new Film(dashboard, terminals.page)
  try {
    await sleep(500)
    await terminals.run(0, 'nc -s 127.0.0.2 -p 50000 127.0.0.1 8080')
    await liveCount(dashboard, 1)
    await sleep(900)
    await terminals.run(1, 'nc -s 127.0.0.3 -p 50000 127.0.0.1 8080')
    await liveCount(dashboard, 2)
    await sleep(900)
    await terminals.enter(0, 'hello')
    await terminals.shows(0, 'hello\nhello\n')
    await sleep(900)
  } finally {
    await film.end()
    terminals.end()
  }
  film.save(FILE, LAST_FRAME_MS)
  console.log(`${FILE}: ${Math.round(statSync(FILE).size / 1024)} KiB`)
  await context.close()
  await liveNone(server.url)
  await takePictures(browser, server.url)

  async function openPage(width: number): Promise<Page> {
    const page = await context.newPage()
    await page.setViewportSize({ width, height: HEIGHT })
    return page
  }
} finally {
  await browser.close()
  await server.stop()
}

async function liveCount(page: Page, count: number): Promise<void> {
  await page.locator('[data-live-count]', { hasText: String(count) }).waitFor()
}

/** The terminals' clients have left. */
async function liveNone(url: string): Promise<void> {
  for (;;) {
    const { counters } = (await (await fetch(new URL('/api/listener', url))).json()) as { counters: { live: number } }
    if (counters.live === 0) return
    await sleep(50)
  }
}
