import { describe, expect, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectInOrder } from '../support/clients.ts'
import { overlappingInStrip } from '../support/overflow.ts'
import { isMissing, longTime, titleWith } from '../tools.ts'

describe.skipIf(isMissing(browserTool))(titleWith('the strip of the port', browserTool), () => {
  const browser = new BrowserOfFile()

  // Russian words are the longer ones, and CI has 15 minutes.
  const locales = isMissing(longTime) ? ['ru-RU'] : ['en-GB', 'ru-RU']
  test.each(locales)('in %s no part is drawn over another', async (locale) => {
    const { port, page } = await browser.serve([], { locale })
    const [first, second] = await connectInOrder(2, port)
    first?.socket.resetAndDestroy()
    // The beginning of a TLS ClientHello is a problem on a plain-text port.
    second?.socket.write(Buffer.from('16030100c8010000c40303', 'hex'))
    await page.page.locator('[data-resets]').waitFor()
    await page.page.locator('[data-attention]').waitFor()
    for (let width = 1500; width >= 640; width -= 40) {
      await page.page.setViewportSize({ width, height: 800 })
      expect(await overlappingInStrip(page.page), `${width} px`).toEqual([])
    }
  })
})
