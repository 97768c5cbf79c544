import type { Locator } from 'playwright-core'
import type { DashboardPage } from './dashboard-page.ts'

/** One experiment on the page: its prediction and its result. */
export class ExperimentPage {
  readonly card: Locator

  constructor(page: DashboardPage, title: string) {
    this.card = page.page
      .getByRole('complementary', { name: 'Experiments' })
      .getByRole('article')
      .filter({ has: page.page.getByRole('heading', { name: title, exact: true }) })
  }

  get button(): Locator {
    return this.card.getByRole('button', { name: 'Run', exact: true })
  }

  get asPredicted(): Locator {
    return this.card.getByText('As predicted', { exact: true })
  }

  /** Runs it and waits until the result matches the prediction. */
  async runs(): Promise<void> {
    await this.button.click()
    await this.asPredicted.waitFor()
  }

  async cleanUp(): Promise<void> {
    await this.card.getByRole('button', { name: 'Clean up' }).click()
    await this.card.getByText('Cleaned up.').waitFor()
  }

  get outcomes(): Locator {
    return this.card.getByRole('listitem')
  }

  /** The ids of its connections. */
  async ids(): Promise<number[]> {
    const names = await this.card
      .getByRole('button', { name: /^(waited, then )?accepted as connection/ })
      .allInnerTexts()
    return names.map((name) => Number(/\d+$/.exec(name)?.[0]))
  }
}
