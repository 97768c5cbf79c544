import { describe, expect, test } from 'vitest'
import { ActingPage } from '../support/acting-page.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

describe.skipIf(isMissing(browserTool))(titleWith('selecting connections in the browser', browserTool), () => {
  const browser = new BrowserOfFile()

  const shared = new SharedDashboard(browser, ['--closed-kept=0'])

  function shown() {
    const { port, page } = shared
    return { port, page, acting: new ActingPage(page) }
  }

  /** The ids of the selected rows, from the top. */
  async function picked({ rows, page }: DashboardPage): Promise<number[]> {
    const ids = await rows.and(page.locator('[aria-selected=true]')).evaluateAll(
      // Runs in the page.
      (all) => all.map((row) => Number(row.getAttribute('data-connection-id'))),
    )
    return ids
  }

  test('by keyboard: one row, a range, all that match the filter, none', async () => {
    const { port, page, acting } = shown()
    await connectInOrder(5, port)
    await page.row(shared.id(5)).waitFor()
    const { keyboard } = page.page
    await keyboard.press('j')
    await page.page.locator(`[data-connection-id="${shared.id(5)}"]:focus`).waitFor()
    await keyboard.press('Space')
    await expect.poll(() => picked(page)).toEqual(shared.ids(5))
    await keyboard.press('Shift+ArrowDown')
    await keyboard.press('Shift+ArrowDown')
    await expect.poll(() => picked(page)).toEqual(shared.ids(5, 4, 3))
    await keyboard.press('Shift+ArrowUp')
    await expect.poll(() => picked(page)).toEqual(shared.ids(5, 4))

    await page.filter.fill(`#${shared.id(2)}`)
    await page.filter.blur()
    await keyboard.press('Control+a')
    await expect.poll(() => acting.bar.innerText()).toContain('3 connections selected')
    await page.filter.fill('')
    await page.filter.blur()
    await expect.poll(() => picked(page)).toEqual(shared.ids(5, 4, 2))

    // Escape closes the topmost element first.
    await page.page.locator('[data-export=picked]').click()
    await keyboard.press('Escape')
    await expect.poll(() => picked(page)).toEqual(shared.ids(5, 4, 2))
    await keyboard.press('Escape')
    await acting.bar.waitFor({ state: 'detached' })
  })

  test('the selection survives another order and new rows; a click on a row still opens it', async () => {
    const { port, page, acting } = shown()
    await connectInOrder(3, port)
    await acting.pick(shared.id(3)).click()
    await page.row(shared.id(1)).click({ modifiers: ['Control'] })
    await page.button('Remote endpoint').click()
    await connectInOrder(1, port)
    await page.pointAway()
    await page.row(shared.id(4)).waitFor()
    expect((await picked(page)).toSorted((a, b) => a - b)).toEqual(shared.ids(1, 3))
    await page.row(shared.id(2)).click()
    await page.panel.getByRole('heading', { name: `Connection ${shared.id(2)}` }).waitFor()
    expect((await picked(page)).toSorted((a, b) => a - b)).toEqual(shared.ids(1, 3))
  })

  test('what closes meanwhile is no longer asked about, and is still exported', async () => {
    const { port, page, acting } = shown()
    const [first, second] = await connectInOrder(2, port)
    await page.page.locator('[data-pick-listed]').click()
    first?.socket.end()
    await expect.poll(() => acting.bar.innerText()).toMatch(/2 connections selected\s*1 closed/)
    await acting.bulk('fin').click()
    await acting.confirmation('Close 1 connection?').getByRole('button', { name: 'Close 1' }).click()
    expect(await second?.ended).toBe('fin')
    await expect.poll(() => acting.bulkResult.innerText()).toBe('Closed 1 connection.')
    const { text } = await acting.export('picked', 'json')
    expect(JSON.parse(text)).toMatchObject([
      { id: shared.id(1), state: 'closed' },
      { id: shared.id(2), state: 'closed' },
    ])
  })

  test('all live connections are asked about again when more have come', async () => {
    const { port, page, acting } = shown()
    const first = await connectInOrder(2, port)
    await acting.pick(shared.id(1)).click()
    await page.page.locator('[data-pick-all]').click()
    await acting.bulk('reset').click()
    const question = page.page.locator('[data-confirm=reset]')
    await expect.poll(() => question.getByRole('heading').innerText()).toBe('Reset 2 connections?')
    const later = await connectInOrder(1, port)
    await expect.poll(() => page.liveCount.innerText()).toBe('3')
    await question.getByRole('button', { name: 'Reset 2' }).click()
    await expect.poll(() => question.getByRole('heading').innerText()).toBe('Reset 3 connections?')
    await expect.poll(() => page.liveCount.innerText()).toBe('3')
    await question.getByRole('button', { name: 'Reset 3' }).click()
    const ends = [...first, ...later].map((client) => client.ended)
    expect(await Promise.all(ends)).toEqual(Array(3).fill('ECONNRESET'))
  })

  test('one text goes to all that are selected, and who cannot take it is counted', async () => {
    const { port, page, acting } = shown()
    const clients = await connectInOrder(3, port)
    await page.row(shared.id(1)).click()
    await acting.more()
    await acting.close('half').click()
    await expect.poll(() => acting.result.innerText()).toBe(en.act.done.half)
    await page.button('Close the panel').click()
    await page.page.locator('[data-pick-listed]').click()
    await acting.bulk('send').click()
    const dialog = page.page.getByRole('dialog', { name: 'Send to 3 connections' })
    await dialog.getByRole('textbox', { name: 'Bytes to send' }).fill('to all of you')
    await dialog.getByRole('button', { name: 'Send to 3' }).click()
    await expect
      .poll(() => dialog.getByRole('status').innerText())
      .toMatch(/^Sent 14\sB to 2 connections\. 1 had already been sent FIN\.$/)
    for (const client of clients.slice(1)) {
      await expect.poll(() => client.received.toString()).toContain('to all of you\n')
    }
  })

  test('1,000 connections are selected and reset at once', async () => {
    const { port, page, acting } = shown()
    const clients = await connectClients(1_000, port)
    await expect.poll(() => page.liveCount.innerText()).toBe('1000')
    await page.pointAway()
    await page.page.locator('[data-pick-listed]').click()
    await acting.bulk('reset').click()
    const question = acting.confirmation('Reset 1,000 connections?')
    await question.getByRole('button', { name: 'Reset 1,000' }).click()
    for (const client of clients) client.read()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
    expect(new Set(await Promise.all(clients.map(({ ended }) => ended)))).toEqual(new Set(['ECONNRESET']))
    await expect.poll(() => acting.bulkResult.innerText()).toBe('Reset 1,000 connections.')
  })

  test('on a phone, a tap selects after “Select”, and nothing is wider than the screen', async () => {
    const { port, url } = shared
    const page = await browser.open(url, PHONE)
    const acting = new ActingPage(page)
    await connectClient(port)
    await connectClient(port)
    await page.row(shared.id(2)).waitFor()
    await page.button('Select').tap()
    await page.row(shared.id(2)).tap()
    await page.row(shared.id(1)).tap()
    await expect.poll(() => picked(page)).toEqual(shared.ids(2, 1))
    expect(await page.panel.count()).toBe(0)
    const overflow: number = await page.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).toBe(0)
    await acting.bulk('fin').tap()
    await acting.confirmation('Close 2 connections?').getByRole('button', { name: 'Cancel' }).tap()
    await page.button('Done').tap()
    await acting.bar.waitFor({ state: 'detached' })
    await page.row(shared.id(2)).tap()
    await page.panel.waitFor()
  })
})
