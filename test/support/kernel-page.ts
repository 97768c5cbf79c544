import type { Locator } from 'playwright-core'
import type { DashboardPage } from './dashboard-page.ts'

/** What the page says of the kernel: the standing line and what it opens to, the accept switch, the panel's proof. */
export class KernelPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get agreement(): Locator {
    return this.#page.page.getByRole('button', { name: /^Server and kernel agree/ })
  }

  /** What differs, and why. */
  get side(): Locator {
    return this.#page.page.getByRole('complementary', { name: 'Server and kernel' })
  }

  difference(kind: string): Locator {
    return this.side.locator(`[data-difference="${kind}"]`).getByRole('listitem')
  }

  stateOf(id: number): Locator {
    return this.#page.row(id).locator('[data-kernel]')
  }

  /** Rows of sockets that no process holds. */
  get waiting(): Locator {
    return this.#page.page.locator('[data-unmatched-socket=waiting]')
  }

  get gauge(): Locator {
    return this.#page.page.locator('[data-accept-queue]')
  }

  /** What became of the last press of the accept switch. */
  get said(): Locator {
    return this.#page.card.getByRole('status')
  }

  get diagnoses(): Locator {
    return this.#page.panel.locator('[data-diagnosis]')
  }

  /** A state in the life of the connection that the panel shows. */
  phase(state: string): Locator {
    return this.#page.panel.locator(`[data-phase=${state}]`)
  }

  /** The proof, a line for each socket: which, inode, descriptor, local endpoint. */
  async proof(): Promise<string[][]> {
    const rows = await this.#page.panel.getByRole('table').locator('tbody tr').all()
    return Promise.all(rows.map((row) => row.getByRole('cell').allInnerTexts()))
  }
}
