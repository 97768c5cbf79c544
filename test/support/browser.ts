import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { beforeAll, expect, onTestFinished } from 'vitest'
import { findTestBrowser } from '../tools.ts'
import { DashboardPage } from './dashboard-page.ts'
import { type Ready, type ServerProcess, startProcess } from './server-process.ts'

export const browserTool = findTestBrowser()

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // Only the page may use the network.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where the page keeps whether the picture is above a short list (web/app/picture-beside.svelte.ts). */
const BESIDE = 'oneport.picture-beside'

/** Test files that run in one worker share its browser. It ends with the worker. */
let launched: Promise<Browser> | null = null

/** The browser of a file's tests. Each dashboard opens in a fresh profile. */
export class BrowserOfFile {
  #browser: Browser | null = null

  constructor() {
    beforeAll(async () => {
      launched ??= chromium.launch({ executablePath: browserTool.path ?? '', args: ARGS })
      this.#browser = await launched
    })
  }

  /** Opens a dashboard and waits until it is live. Errors, warnings or foreign requests of the page fail the test. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<DashboardPage> {
    const dashboard = await this.openForSeveral(url, options)
    onTestFinished(async () => {
      await dashboard.page.context().close()
      expect(dashboard.heeded).toEqual([])
    })
    return dashboard
  }

  /** Like `open`, for several tests. The caller closes its context and looks at what it complained about. */
  async openForSeveral(url: string, options: BrowserContextOptions = {}): Promise<DashboardPage> {
    const viewport = { width: 1440, height: 900 }
    const context = await this.#browser?.newContext({ viewport, locale: 'en-GB', ...options })
    if (context === undefined) throw new Error('the browser has not been started')
    context.setDefaultTimeout(20_000)
    // Without a graphics card, the picture above a short list takes half of a core.
    await context.addInitScript(`localStorage.getItem('${BESIDE}') ?? localStorage.setItem('${BESIDE}', 'off')`)
    const dashboard = new DashboardPage(await context.newPage(), new URL(url).host)
    await dashboard.watch()
    await dashboard.page.goto(url)
    await dashboard.link('live')
    return dashboard
  }

  /** Starts a server on free ports and opens its dashboard. */
  async serve(
    args: string[] = [],
    options: BrowserContextOptions = {},
  ): Promise<Ready & { server: ServerProcess; page: DashboardPage }> {
    const server = startProcess({ args: ['--port=0', '--ui-port=0', ...args] })
    const ready = await server.ready()
    return { ...ready, server, page: await this.open(ready.url, options) }
  }
}
