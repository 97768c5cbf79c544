import type { Locator } from 'playwright-core'
import type { DashboardPage } from './dashboard-page.ts'

/** The page's views of the kernel: the agreement line and its panel, the accept switch, the proof in the panel. */
export class KernelPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get agreement(): Locator {
    return this.#page.page.getByRole('button', { name: /^Server and kernel agree/ })
  }

  /** The differences, each with its reason. */
  get side(): Locator {
    return this.#page.page.getByRole('complementary', { name: 'Server and kernel' })
  }

  difference(kind: string): Locator {
    return this.side.locator(`[data-difference="${kind}"]`).getByRole('listitem')
  }

  stateOf(id: number): Locator {
    return this.#page.row(id).locator('[data-kernel]')
  }

  /** Rows of sockets that no process has accepted. */
  get waiting(): Locator {
    return this.#page.page.locator('[data-unmatched-socket=waiting]')
  }

  get gauge(): Locator {
    return this.#page.page.locator('[data-accept-queue]')
  }

  /** The result of the last press of the accept switch. */
  get said(): Locator {
    return this.#page.card.getByRole('status')
  }

  get diagnoses(): Locator {
    return this.#page.panel.locator('[data-diagnosis]')
  }

  /** A TCP state on the timeline of the connection in the panel. */
  phase(state: string): Locator {
    return this.#page.panel.locator(`[data-phase=${state}]`)
  }

  /** The state of one end's socket, in the drawing of the 4-tuple. */
  end(of: 'client' | 'server'): Locator {
    return this.#page.panel.locator(`[data-end=${of}]`)
  }

  /** Both sockets side by side: label, client's, server's. */
  async bothEnds(): Promise<string[][]> {
    const rows = await this.#page.panel.locator('[data-both-ends] tbody tr').all()
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
  }

  /** The proof, one row for each socket: name, inode, descriptor, local endpoint. */
  async proof(): Promise<string[][]> {
    const rows = await this.#page.panel.locator('[data-proof] tbody tr').all()
    return Promise.all(rows.map((row) => row.getByRole('cell').allInnerTexts()))
  }
}
