import { describe, expect, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { ClassPage } from '../support/class-page.ts'
import { connectClient, connectClients } from '../support/clients.ts'
import { PicturePage } from '../support/picture-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { netcat } from '../support/terminal.ts'
import { isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

/** Runs in the page: how many rows of the projector's list are in sight but not whole. */
const CUT_ROWS = `[...document.querySelectorAll('[data-projected]')].filter((row) => {
  const [inner, outer] = [row, row.parentElement].map((element) => element.getBoundingClientRect())
  return inner.left < outer.right && inner.top < outer.bottom && inner.bottom > outer.bottom
}).length`

describe.skipIf(isMissing(browserTool))(titleWith('a class on the page', browserTool), () => {
  const browser = new BrowserOfFile()

  test('projector mode tells the newest event, follows it, counts a flood, and Esc leaves', async () => {
    const viewport = { width: 1920, height: 1080 }
    const { port, page } = await browser.serve(['--behavior=silent', '--closed-kept=1'], { viewport })
    const first = await connectClient(port)
    await page.row(1).waitFor()
    await page.page.keyboard.press('f')
    const told = page.page.locator('[data-newest]')
    const newest = (kind: string, id: number) =>
      page.page.locator(`[data-newest="${kind}"][data-newest-id="${id}"]`).waitFor()
    const top = page.page.locator('[data-projected]').first()
    expect(page.page.url()).toContain('projector')
    expect(await page.liveCount.innerText()).toBe('1')
    const second = await connectClient(port, { localAddress: '127.0.0.2' })
    await newest('accepted', 2)
    expect(await told.innerText()).toContain(`127.0.0.2:${second.local.port} → 127.0.0.1:${port}`)
    expect(await top.getAttribute('data-projected')).toBe('2')
    first.socket.write('hello')
    await newest('first-bytes', 1)
    await expect.poll(() => top.getAttribute('data-projected')).toBe('1')
    first.socket.end()
    await newest('half-closed', 1)
    first.socket.resetAndDestroy()
    await newest('closed', 1)
    second.socket.resetAndDestroy()
    await newest('closed', 2)
    expect(await told.innerText()).toContain('RST')
    await connectClients(30, port)
    await expect.poll(() => told.locator('[data-more]').count()).toBe(1)
    expect(await page.page.evaluate(CUT_ROWS)).toBe(0)

    const size = 'parseFloat(getComputedStyle(document.querySelector("[data-projected]")).fontSize)'
    await expect.poll(() => page.page.evaluate(size)).toBeGreaterThanOrEqual(28)
    await page.page.keyboard.press('Escape')
    await page.list.waitFor()
    expect(page.page.url()).not.toContain('projector')
    await page.page.goto(`${page.page.url().split('#')[0]}?projector&view=board`)
    await page.page.locator('[data-projector-view=board] [data-address="127.0.0.2"]').waitFor()
    expect(await page.page.locator('[data-counted]').innerText()).toContain(en.clients.counted('1', '2'))
    await page.page.keyboard.press('Escape')
    await page.button('Class').click()
    await page.page.locator('[data-join-dialog] [data-project=picture]').click()
    await page.page.locator('[data-projector-view=picture] [data-picture]').waitFor()
  })

  describe('that nobody has joined yet', () => {
    const shared = new SharedDashboard(browser, ['--greeting-language=ru', '--closed-kept=0'])

    test('a student’s own connection is pointed out everywhere, by the greeting in their terminal, until it is gone', async () => {
      const { port, page } = shared
      await connectClient(port)
      const terminal = netcat('127.0.0.1', port)
      const [greeting] = await terminal.prints(/^.*№.*$/m)
      const { mine, ask, fault, chip } = new ClassPage(page)
      await page.page.keyboard.press('m')
      await ask.fill('my computer')
      await ask.press('Enter')
      await expect.poll(() => fault.innerText()).toBe(en.class.mine.unreadable)
      await ask.fill(greeting)
      await ask.press('Enter')
      await mine.waitFor({ state: 'hidden' })
      await page.row(shared.id(2)).locator('[data-you]').waitFor()
      expect(await page.page.locator('[data-you]').count()).toBe(2)
      await expect.poll(() => chip.getAttribute('data-mine')).toBe('open')

      await page.tab('clients').click()
      await page.button('Board').click()
      await page.page.locator('[data-address="127.0.0.1"]').getByText('you', { exact: true }).waitFor()
      await new PicturePage(page).open()
      await page.page.reload()
      await page.link('live')
      await expect.poll(() => chip.getAttribute('data-mine')).toBe('open')
      terminal.kill()
      await expect.poll(() => chip.getAttribute('data-mine')).toBe('closed')
      await expect.poll(() => chip.innerText()).toMatch(/ended: Closed by client/)
    })

    test('a student picks from the connections of their own address', async () => {
      const { port, page } = shared
      await connectClient(port, { localAddress: '127.0.0.2' })
      const own = await connectClient(port)
      await page.row(shared.id(2)).waitFor()
      await page.button('Which is mine?').click()
      const { mine, chip } = new ClassPage(page)
      expect(await mine.locator('[data-offer]').count()).toBe(1)
      await mine.locator(`[data-offer="${shared.id(2)}"]`).click()
      await expect.poll(() => chip.innerText()).toContain(`127.0.0.1:${own.local.port}`)
      await page.button(en.class.mine.forget).click()
      await chip.waitFor({ state: 'detached' })
      expect(await page.page.locator('[data-you]').count()).toBe(0)
    })

    test('the board has a tile for each address; a click lists exactly its connections', async () => {
      const { port, page } = shared
      const clients = await connectClients(2, port, { localAddress: '127.0.0.2' })
      await connectClients(3, port, { localAddress: '127.0.0.20' })
      await page.tab('clients').click()
      await page.button('Board').click()
      const tile = (address: string) => page.page.locator(`[data-address="${address}"]`)
      await expect.poll(() => tile('127.0.0.2').getAttribute('data-live')).toBe('2')
      await expect.poll(() => tile('127.0.0.20').getAttribute('data-live')).toBe('3')
      expect(page.page.url()).toContain('view=board')
      await page.page.reload()
      await page.link('live')
      await expect.poll(() => tile('127.0.0.2').getAttribute('data-live')).toBe('2')
      clients[0]?.socket.destroy()
      await expect.poll(() => tile('127.0.0.2').getAttribute('data-live')).toBe('1')
      expect(await tile('127.0.0.2').getAttribute('data-all')).toBe('2')
      await tile('127.0.0.2').focus()
      await page.page.keyboard.press('Enter')
      await expect.poll(() => page.filter.inputValue()).toBe('ip=127.0.0.2')
      await expect.poll(() => page.rows.count()).toBe(2)
    })
  })
})
