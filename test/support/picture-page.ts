import type { Locator } from 'playwright-core'
import { clientPoint, layoutFor, type PictureLayout, type Point, socketPoint } from '../../web/picture/layout.ts'
import type { DashboardPage } from './dashboard-page.ts'

/** The picture of the port: the numbers in its data attributes, and its sockets by place. */
export class PicturePage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  async open(): Promise<this> {
    await this.#page.tab('picture').click()
    await this.figure.waitFor()
    return this
  }

  get figure(): Locator {
    return this.#page.page.locator('figure[data-picture]')
  }

  get drawing(): Locator {
    return this.figure.getByRole('application', { name: 'Picture of the port' })
  }

  get tip(): Locator {
    return this.figure.locator('.tip')
  }

  /** The value of the figure's data attribute. */
  async claim(name: string): Promise<string | null> {
    return this.figure.getAttribute(`data-${name}`)
  }

  async number(name: string): Promise<number> {
    return Number(await this.claim(name))
  }

  async clickSocket(place: number): Promise<void> {
    await this.drawing.click({ position: socketPoint(await this.#layout(), place) })
  }

  async hoverSocket(place: number): Promise<void> {
    await this.drawing.hover({ position: socketPoint(await this.#layout(), place) })
  }

  async clickAddress(line: number, lines: number): Promise<void> {
    const { x, y }: Point = clientPoint(await this.#layout(), line, lines)
    await this.drawing.click({ position: { x: x - 20, y } })
  }

  async #layout(): Promise<PictureLayout> {
    const box = await this.drawing.boundingBox()
    const { width = 0, height = 0 } = box ?? {}
    const mode = (await this.claim('picture')) === 'many' ? 'many' : 'few'
    return layoutFor({ width, height, mode, capacity: await this.number('capacity') })
  }
}
