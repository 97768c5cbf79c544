import type { Locator } from 'playwright-core'
import type { DashboardPage } from './dashboard-page.ts'
import { en } from '../../web/text/en/catalogue.ts'

const FIELDS = ['Remote IP', 'Remote port', 'Local IP', 'Local port'] as const

type Field = (typeof FIELDS)[number]

/** The panel "Which socket gets this packet?": form, steps, verdict and trial. */
export class LookupPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get side(): Locator {
    return this.#page.page.getByRole('complementary', { name: 'Which socket gets this packet?' })
  }

  async open(): Promise<void> {
    await this.#page.button('Which socket gets this packet?').click()
    await this.side.waitFor()
  }

  field(name: Field): Locator {
    return this.side.getByRole('textbox', { name, exact: true })
  }

  get syn(): Locator {
    return this.side.getByRole('checkbox', { name: en.lookup.syn })
  }

  /** The four fields, in the order of the form. */
  async values(): Promise<string[]> {
    return Promise.all(FIELDS.map((name) => this.field(name).inputValue()))
  }

  async fill(values: Partial<Record<Field, string>>): Promise<void> {
    for (const name of FIELDS) {
      const value = values[name]
      if (value !== undefined) await this.field(name).fill(value)
    }
  }

  /** The error message of a field; null if the field is valid. */
  async fault(name: Field): Promise<string | null> {
    const field = this.field(name)
    if ((await field.getAttribute('aria-invalid')) !== 'true') return null
    return this.side.locator(`[id="${(await field.getAttribute('aria-describedby')) ?? ''}"]`).innerText()
  }

  /** The lookup's steps, each with its result. */
  async steps(): Promise<string[]> {
    const steps = await this.side.locator('[data-step]').all()
    return Promise.all(
      steps.map(async (step) => `${await step.getAttribute('data-step')} ${await step.getAttribute('data-found')}`),
    )
  }

  /** The verdict on the page. */
  verdict(verdict: 'connected' | 'listening' | 'time-wait' | 'reset'): Locator {
    return this.side.locator(`[data-verdict=${verdict}]`)
  }

  get anyVerdict(): Locator {
    return this.side.locator('[data-verdict]')
  }

  get tryIt(): Locator {
    return this.side.getByRole('button', { name: 'Try it' })
  }

  get tried(): Locator {
    return this.side.locator('[data-tried]')
  }
}
