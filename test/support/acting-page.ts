import { readFile } from 'node:fs/promises'
import type { Locator } from 'playwright-core'
import { en } from '../../web/text/en/catalogue.ts'
import type { DashboardPage } from './dashboard-page.ts'
import type { FixAction } from '../../web/connection/fix.ts'

type How = 'fin' | 'half' | 'reset'

/** The page's actions: on the connection in the panel, and on the selected connections. */
export class ActingPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get box(): Locator {
    return this.#page.panel.getByRole('textbox', { name: 'Bytes to send' })
  }

  /** The result of the last action in the panel. */
  get result(): Locator {
    return this.#page.panel.locator('[data-act-result]')
  }

  /** The connection's TCP state in the kernel, next to the buttons. */
  kernel(state: string): Locator {
    return this.#page.panel.locator(`[data-act-kernel=${state}]`)
  }

  /** Unfolds hex, presets and the ways to close. */
  async more(): Promise<void> {
    const toggle = this.#page.panel.locator('[data-act-more]')
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
  }

  close(how: How): Locator {
    return this.#page.panel.locator(`[data-close=${how}]`)
  }

  /** Holds RST until it fires. */
  async holdReset(): Promise<void> {
    const { mouse } = this.#page.page
    await this.close('reset').hover()
    await mouse.down()
    await this.#page.panel.locator('[data-act-result]', { hasText: en.act.done.reset }).waitFor()
    await mouse.up()
  }

  /** The button that does what the diagnosis advises. */
  fix(action: FixAction): Locator {
    return this.#page.panel.locator(`[data-fix-action=${action}]`)
  }

  reading(what: 'stop' | 'again'): Locator {
    return this.#page.panel.locator(`[data-reading=${what}]`)
  }

  /** The connection's actions by hand, one text for each, from its list of events. */
  events(): Promise<string[]> {
    return this.#page.panel.locator('li[data-life=action] .what > :last-child').allInnerTexts()
  }

  get bar(): Locator {
    return this.#page.page.getByRole('toolbar', { name: 'Selected connections' })
  }

  pick(id: number): Locator {
    return this.#page.row(id).getByRole('checkbox')
  }

  bulk(what: How | 'send'): Locator {
    return this.bar.locator(`[data-bulk=${what}]`)
  }

  get bulkResult(): Locator {
    return this.bar.locator('[data-bulk-result]')
  }

  confirmation(heading: string): Locator {
    return this.#page.page.getByRole('dialog', { name: heading, exact: true })
  }

  /** Clicks a button that saves a file. Returns the file's name and text. */
  async download(button: Locator): Promise<{ name: string; text: string }> {
    const [download] = await Promise.all([this.#page.page.waitForEvent('download'), button.click()])
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }

  /** Exports the selected connections, or those that the list shows. */
  async export(of: 'picked' | 'listed', format: 'csv' | 'json'): Promise<{ name: string; text: string }> {
    await this.#page.page.locator(`[data-export=${of}]`).click()
    return this.download(this.#page.page.locator(`#export-${of} [data-format=${format}]`))
  }
}
