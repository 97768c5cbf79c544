import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { BrowserOfFile } from './browser.ts'
import type { DashboardPage } from './dashboard-page.ts'
import { launchProcess, type Ready, type ServerProcess } from './server-process.ts'

const VIEWPORT = { width: 1440, height: 900 }

/**
 * A server and its dashboard for all tests of a `describe`, because starting both takes more than two seconds of CPU. Each test finds
 * the page loaded anew, with nothing stored and nobody connected, but the port's counters, events and closed connections are those
 * of all tests before: see `id`. With `--closed-kept=0`, the list too begins empty.
 */
export class SharedDashboard {
  #started: { server: ServerProcess; ready: Ready; page: DashboardPage } | null = null
  #before = 0

  constructor(browser: BrowserOfFile, args: string[] = [], options: BrowserContextOptions = {}) {
    beforeAll(async () => {
      const server = launchProcess({ args: ['--port=0', '--ui-port=0', ...args] })
      const ready = await server.ready()
      this.#started = { server, ready, page: await browser.openForSeveral(ready.url, options) }
    })
    afterAll(async () => {
      await this.#started?.page.page.context().close()
      await this.#started?.server.kill()
    })
    beforeEach(() => this.#clear(options))
    afterEach(() => expect(this.page.heeded).toEqual([]))
  }

  get #now() {
    return this.#started ?? expect.unreachable('the server has not been started')
  }

  get port(): number {
    return this.#now.ready.port
  }

  get uiPort(): number {
    return this.#now.ready.uiPort
  }

  get url(): string {
    return this.#now.ready.url
  }

  get page(): DashboardPage {
    return this.#now.page
  }

  /** The id of the test's nth connection, counted from 1. */
  id(n: number): number {
    return this.#before + n
  }

  /** Ids of the test's connections, such as 3, 2, 1. */
  ids(...numbers: number[]): number[] {
    return numbers.map((n) => this.id(n))
  }

  async #clear({ viewport = VIEWPORT }: BrowserContextOptions): Promise<void> {
    const { url, page: dashboard } = this
    const { page } = dashboard
    await expect.poll(() => this.#endClients()).toBe(0)
    this.#before = (await this.#counters()).accepted
    await page.unrouteAll()
    await page.context().clearPermissions()
    await page.setViewportSize(viewport ?? VIEWPORT)
    await page.evaluate('localStorage.clear(), sessionStorage.clear()')
    await page.goto(url)
    await dashboard.link('live')
    dashboard.complaints.length = 0
    dashboard.tolerated = null
  }

  /** Closes the built-in clients. @returns how many connections are left, those of the test before among them */
  async #endClients(): Promise<number> {
    const clients = (await (await fetch(`${this.url}/api/clients`)).json()) as { id: number }[]
    await Promise.all(clients.map(({ id }) => fetch(`${this.url}/api/clients/${id}`, { method: 'DELETE' })))
    return (await this.#counters()).live
  }

  async #counters(): Promise<Counters> {
    const { counters } = (await (await fetch(`${this.url}/api/listener`)).json()) as { counters: Counters }
    return counters
  }
}

interface Counters {
  accepted: number
  live: number
}
