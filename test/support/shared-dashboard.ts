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
    this.#before = (await this.#get<Listener>('/api/listener')).counters.accepted
    await page.unrouteAll()
    await page.context().clearPermissions()
    // Rows under the pointer would hold still.
    await page.mouse.move(0, 0)
    await page.setViewportSize(viewport ?? VIEWPORT)
    // The page that is left must store nothing more.
    await page.evaluate('Storage.prototype.setItem = () => {}, localStorage.clear(), sessionStorage.clear()')
    await page.goto(url)
    await dashboard.link('live')
    dashboard.complaints.length = 0
    dashboard.tolerated = null
  }

  /**
   * Closes the built-in clients. @returns how many connections are left: those of the test before, and closed ones that the server
   * is about to forget, which the page would still get
   */
  async #endClients(): Promise<number> {
    const clients = await this.#get<{ id: number }[]>('/api/clients')
    await Promise.all(clients.map(({ id }) => fetch(`${this.url}/api/clients/${id}`, { method: 'DELETE' })))
    const { counters, closedKept } = await this.#get<Listener>('/api/listener')
    const { total } = await this.#get<{ total: number }>('/api/connections?state=closed&limit=0')
    return counters.live + Math.max(0, total - closedKept)
  }

  async #get<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(`${this.url}${path}`)).json()) as Answer
  }
}

interface Listener {
  counters: { accepted: number; live: number }
  closedKept: number
}
