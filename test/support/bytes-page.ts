import type { Locator } from 'playwright-core'
import type { Direction } from '../../shared/payload.ts'
import type { DashboardPage } from './dashboard-page.ts'

const VIEWPORT = `document.querySelector('[data-bytes] [role=log]')`

/** Runs in the page: scrolls from the first row to the last and returns each row's text by the offset of its first byte. */
const READ_ALL = `async (direction, part) => {
  const viewport = ${VIEWPORT}
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const rows = new Map()
  for (let top = 0; ; top += viewport.clientHeight - 60) {
    viewport.scrollTop = top
    await frame()
    await frame()
    for (const row of viewport.querySelectorAll('[data-offset][data-direction=' + direction + ']')) {
      rows.set(Number(row.dataset.offset), row.querySelector('[data-' + part + ']').textContent)
    }
    if (viewport.scrollTop + viewport.clientHeight >= viewport.scrollHeight - 1) break
  }
  return [...rows].sort((a, b) => a[0] - b[0])
}`

/** The panel's tab with a connection's bytes and events. */
export class BytesPage {
  readonly dashboard: DashboardPage

  constructor(dashboard: DashboardPage) {
    this.dashboard = dashboard
  }

  async open(id: number): Promise<this> {
    await this.dashboard.row(id).click()
    await this.dashboard.panel.getByRole('tab', { name: 'Stream' }).click()
    await this.root.waitFor()
    return this
  }

  get root(): Locator {
    return this.dashboard.page.locator('[data-bytes]')
  }

  get viewport(): Locator {
    return this.root.getByRole('log')
  }

  get dropped(): Locator {
    return this.root.locator('[data-dropped]')
  }

  get empty(): Locator {
    return this.root.locator('[data-bytes-empty]')
  }

  get query(): Locator {
    return this.root.getByRole('textbox', { name: 'Find in the bytes' })
  }

  /** The number of matches, and which one is current. */
  get found(): Locator {
    return this.root.locator('[data-found]')
  }

  /** The row with which a chunk begins. */
  head(n: number): Locator {
    return this.viewport.locator(`[data-chunk="${n}"]`)
  }

  /** The events on screen, and what is missing between them, in words. */
  events(): Promise<string[]> {
    return this.viewport.locator('[data-event] .words, [data-missing], [data-pause]').allInnerTexts()
  }

  choose(what: 'text' | 'hex' | 'all' | 'in' | 'out' | 'events'): Promise<void> {
    return this.root.locator(`[data-choice=${what}]`).click()
  }

  scrollTo(position: number): Promise<void> {
    return this.dashboard.page.evaluate(`void (${VIEWPORT}.scrollTop = ${position})`)
  }

  isAtEnd(): Promise<boolean> {
    return this.dashboard.page.evaluate(
      `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop < 1)(${VIEWPORT})`,
    )
  }

  /** The text of a row near the top. */
  textAtTop(): Promise<string> {
    return this.dashboard.page.evaluate(`(({ left, top }) =>
      document.elementFromPoint(left + 20, top + 50).closest('[data-direction]').textContent
    )(${VIEWPORT}.getBoundingClientRect())`)
  }

  /** Every row of one direction with the offset of its first byte. */
  rows(direction: Direction, part: 'hex' | 'text'): Promise<[offset: number, text: string][]> {
    return this.dashboard.page.evaluate(`(${READ_ALL})('${direction}', '${part}')`)
  }

  /** The bytes of one direction, parsed from the hex view. */
  async hexBytes(direction: Direction): Promise<Buffer> {
    await this.choose('hex')
    let next: number | null = null
    const parts: Buffer[] = []
    for (const [offset, text] of await this.rows(direction, 'hex')) {
      const bytes = Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
      if (next !== null && offset !== next) throw new Error(`rows leave out the bytes from ${next} to ${offset}`)
      next = offset + bytes.length
      parts.push(bytes)
    }
    return Buffer.concat(parts)
  }

  async text(direction: Direction): Promise<string> {
    await this.choose('text')
    return (await this.rows(direction, 'text')).map(([, text]) => text).join('\n')
  }

  /** Copies, and returns the clipboard's text. The browser's context must grant clipboard permissions. */
  async copy(scope: 'all' | 'chunk' | Direction, format: 'text' | 'hex' | 'c' | 'shell'): Promise<string> {
    const { page } = this.dashboard
    const dialog = page.getByRole('dialog', { name: 'Copy bytes' })
    if (!(await dialog.isVisible())) await this.root.getByRole('button', { name: 'Copy or save…' }).click()
    await dialog.locator(`input[value=${scope}]`).check()
    await dialog.locator(`[data-copy-as=${format}]`).click()
    await dialog.getByText('Copied', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    return page.evaluate('navigator.clipboard.readText()')
  }
}
