import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** The first cells of a row in the desktop layout. */
export interface RowText {
  id: number
  remote: string
  local: string
  state: string
}

/** The dashboard as a user sees it: its texts and its controls. */
export class DashboardPage {
  readonly page: Page
  /** Page errors, CSP violations and requests to other hosts. Any of them fails the test. */
  readonly complaints: string[] = []
  /** Complaints that a test provokes on purpose. */
  tolerated: RegExp | null = null
  readonly #host: string

  /** @param host of the server, with its port. Requests to any other host are complaints. */
  constructor(page: Page, host: string) {
    this.page = page
    this.#host = host
  }

  /** The complaints that no test provokes. */
  get heeded(): string[] {
    return this.complaints.filter((text) => !this.tolerated?.test(text))
  }

  async watch(): Promise<void> {
    const { page } = this
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
    page.on('request', (request) => this.#requested(request.url()))
    page.on('websocket', (socket) => this.#requested(socket.url()))
    await page.exposeFunction('complain', (text: string) => this.complaints.push(text))
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (e) => complain('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))`,
    )
  }

  #requested(url: string): void {
    if (!url.startsWith('data:') && new URL(url).host !== this.#host) this.complaints.push(`a request to ${url}`)
  }

  async link(state: 'connecting' | 'syncing' | 'live' | 'lost'): Promise<void> {
    await this.page.locator(`html[data-link=${state}]`).waitFor({ state: 'attached' })
  }

  get sentence(): Locator {
    return this.page.getByRole('heading', { level: 1 })
  }

  get liveCount(): Locator {
    return this.page.locator('[data-live-count]')
  }

  get card(): Locator {
    return this.page.getByRole('region', { name: 'Listening socket' })
  }

  /** Shows everything about the listening socket. */
  async unfold(): Promise<void> {
    const fold = this.page.locator('[data-fold]')
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  }

  get filter(): Locator {
    return this.page.getByRole('searchbox', { name: 'Filter connections' })
  }

  get panel(): Locator {
    return this.page.getByRole('complementary', { name: 'Selected connection' })
  }

  /** Counts the rows that wait while the list holds still. */
  get waiting(): Locator {
    return this.page.locator('button[data-waiting]')
  }

  get paused(): Locator {
    return this.page.locator('[data-paused]')
  }

  get list(): Locator {
    return this.page.getByRole('grid', { name: 'Connections' })
  }

  get rows(): Locator {
    return this.page.locator('[data-connection-id]')
  }

  row(id: number): Locator {
    return this.page.locator(`[data-connection-id="${id}"]`)
  }

  /** The tab of a view. */
  tab(view: 'connections' | 'clients' | 'picture' | 'events'): Locator {
    return this.page.locator(`[data-view=${view}]`)
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  show(which: 'attention' | 'all' | 'live' | 'closed'): Locator {
    return this.page.locator(`[data-choice=${which}]`)
  }

  /** The value under this label in the panel. */
  field(label: string): Locator {
    // The explanations of the same words are folded away.
    return this.panel.locator(`dt:text-is("${label}"):not(details dt) + dd`)
  }

  notice(id: string): Locator {
    return this.page.locator(`[data-notice=${id}]`)
  }

  /** The rows on screen from the top, all read at one moment. */
  async read(): Promise<RowText[]> {
    const texts = await this.rows.allInnerTexts()
    return texts.map((text) => {
      const [id, remote = '', local = '', state = ''] = text.split('\n').filter(Boolean)
      return { id: Number(id), remote, local, state }
    })
  }

  async ids(): Promise<number[]> {
    return (await this.read()).map(({ id }) => id)
  }

  /** How far the list is scrolled down, in pixels. */
  scrollTop(): Promise<number> {
    return this.page.evaluate(`document.querySelector('[role=grid] [role=rowgroup]').scrollTop`)
  }

  /** Scrolls the list down to here, in pixels. A busy browser may drop a turn of the wheel. */
  async scrollTo(pixels: number): Promise<void> {
    await this.page.evaluate(`void (document.querySelector('[role=grid] [role=rowgroup]').scrollTop = ${pixels})`)
    await expect.poll(() => this.scrollTop()).toBe(pixels)
  }

  /** Turns the wheel over this row, after two frames: the browser ignores the wheel over content it has not drawn. */
  async wheel(row: Locator, pixels: number): Promise<void> {
    await row.hover()
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    await this.page.mouse.wheel(0, pixels)
  }

  /** Moves the pointer off the rows, which hold still under it. */
  async pointAway(): Promise<void> {
    await this.sentence.hover()
  }
}
