import type { Locator } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import type { DashboardPage } from './dashboard-page.ts'
import { en } from '../../web/text/en/catalogue.ts'

/** What the page has for a class, as teacher and students meet it. */
export class ClassPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get joinDialog(): Locator {
    return this.#page.page.locator('[data-join-dialog]')
  }

  get address(): Locator {
    return this.joinDialog.getByRole('textbox', { name: en.class.join.address })
  }

  get link(): Locator {
    return this.joinDialog.locator('[data-join-link]')
  }

  /** Where a student says which connection is theirs. */
  get mine(): Locator {
    return this.#page.page.locator('[data-mine-dialog]')
  }

  get ask(): Locator {
    return this.mine.getByRole('textbox')
  }

  get fault(): Locator {
    return this.mine.getByRole('alert')
  }

  /** Says what has become of the connection that is theirs. */
  get chip(): Locator {
    return this.#page.page.locator('[data-mine]')
  }

  async invite(): Promise<this> {
    await this.#page.button('Class').click()
    await this.joinDialog.waitFor()
    return this
  }

  /** What a phone reads off the screen. */
  async scan(): Promise<string> {
    const png = await this.joinDialog.locator('[data-qr]').screenshot()
    // A page of its own reads the pixels: no policy of ours is in its way.
    const reader = await this.#page.page.context().newPage()
    const { width, height, data } = await reader.evaluate<{ width: number; height: number; data: number[] }>(
      `(${READ_PIXELS})('data:image/png;base64,${png.toString('base64')}')`,
    )
    await reader.close()
    return decodeQr({ width, height, data: Uint8ClampedArray.from(data) }, { timeLimit: 5_000 })
  }
}

/** Runs in the browser, and so is text: this folder is compiled without its types. */
const READ_PIXELS = `async (url) => {
  const image = new Image()
  image.src = url
  await image.decode()
  const { width, height } = image
  const context = new OffscreenCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  return { width, height, data: [...context.getImageData(0, 0, width, height).data] }
}`
