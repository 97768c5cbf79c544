import type { Locator } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import type { DashboardPage } from './dashboard-page.ts'
import { en } from '../../web/text/en/catalogue.ts'

/** The page's parts for a class, for teacher and students. */
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

  /** The dialog in which a student picks their own connection. */
  get mine(): Locator {
    return this.#page.page.locator('[data-mine-dialog]')
  }

  get ask(): Locator {
    return this.mine.getByRole('textbox')
  }

  get fault(): Locator {
    return this.mine.getByRole('alert')
  }

  /** The state of the student's own connection. */
  get chip(): Locator {
    return this.#page.page.locator('[data-mine]')
  }

  async invite(): Promise<this> {
    await this.#page.button('Class').click()
    await this.joinDialog.waitFor()
    return this
  }

  /** The text of the QR code on the screen. */
  async scan(): Promise<string> {
    const png = await this.joinDialog.locator('[data-qr]').screenshot()
    // An empty page reads the pixels: the dashboard's content security policy would block it.
    const reader = await this.#page.page.context().newPage()
    const { width, height, base64 } = await reader.evaluate<{ width: number; height: number; base64: string }>(
      `(${READ_PIXELS})('data:image/png;base64,${png.toString('base64')}')`,
    )
    await reader.close()
    return decodeQr({ width, height, data: Buffer.from(base64, 'base64') }, { timeLimit: 5_000 })
  }
}

/**
 * Runs in the browser. It is a string because this folder is compiled without DOM types. The pixels leave it as one value: as an
 * array, they take seconds.
 */
const READ_PIXELS = `async (url) => {
  const image = new Image()
  image.src = url
  await image.decode()
  const { width, height } = image
  const context = new OffscreenCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  return { width, height, base64: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) }
}`
