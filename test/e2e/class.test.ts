import { describe, expect, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { ClassPage } from '../support/class-page.ts'
import { connectClient, connectClients } from '../support/clients.ts'
import { PicturePage } from '../support/picture-page.ts'
import { netcat } from '../support/terminal.ts'
import { isMissing, titleWith } from '../tools.ts'

describe.skipIf(isMissing(browserTool))(titleWith('a class on the page', browserTool), () => {
  const browser = new BrowserOfFile()

  test('a student’s own connection is pointed out everywhere, by the greeting in their terminal, until it is gone', async () => {
    const { port, page } = await browser.serve(['--greeting-language=ru'])
    await connectClient(port)
    const terminal = netcat('127.0.0.1', port)
    const [greeting] = await terminal.prints(/^.*№.*$/m)
    const { mine, ask, fault, chip } = new ClassPage(page)
    await page.page.keyboard.press('m')
    await ask.fill('my computer')
    await ask.press('Enter')
    await expect.poll(() => fault.innerText()).toMatch(/no IP with a port/)
    await ask.fill(greeting)
    await ask.press('Enter')
    await mine.waitFor({ state: 'hidden' })
    await page.row(2).locator('[data-you]').waitFor()
    expect(await page.page.locator('[data-you]').count()).toBe(2)
    await expect.poll(() => chip.getAttribute('data-mine')).toBe('open')

    await page.button('Board').click()
    await page.page.locator('[data-address="127.0.0.1"]').getByText('you', { exact: true }).waitFor()
    await new PicturePage(page).open()
    await page.page.reload()
    await page.link('live')
    await expect.poll(() => chip.getAttribute('data-mine')).toBe('open')
    terminal.kill()
    await expect.poll(() => chip.getAttribute('data-mine')).toBe('closed')
    await expect.poll(() => chip.innerText()).toMatch(/gone: Closed by client/)
  })

  test('a student picks from the connections of their own address', async () => {
    const { port, page } = await browser.serve()
    await connectClient(port, { localAddress: '127.0.0.2' })
    const own = await connectClient(port)
    await page.row(2).waitFor()
    await page.button('Which is mine?').click()
    const { mine, chip } = new ClassPage(page)
    expect(await mine.locator('[data-offer]').count()).toBe(1)
    await mine.locator('[data-offer="2"]').click()
    await expect.poll(() => chip.innerText()).toContain(`127.0.0.1:${own.local.port}`)
    await page.button('Point it out no longer').click()
    await chip.waitFor({ state: 'detached' })
    expect(await page.page.locator('[data-you]').count()).toBe(0)
  })

  test('the board has a tile for each address; a click lists exactly its connections', async () => {
    const { port, page } = await browser.serve()
    const clients = await connectClients(2, port, { localAddress: '127.0.0.2' })
    await connectClients(3, port, { localAddress: '127.0.0.20' })
    await page.button('Board').click()
    const tile = (address: string) => page.page.locator(`[data-address="${address}"]`)
    await expect.poll(() => tile('127.0.0.2').getAttribute('data-live')).toBe('2')
    await expect.poll(() => tile('127.0.0.20').getAttribute('data-live')).toBe('3')
    clients[0]?.socket.destroy()
    await expect.poll(() => tile('127.0.0.2').getAttribute('data-live')).toBe('1')
    expect(await tile('127.0.0.2').getAttribute('data-all')).toBe('2')
    expect(page.page.url()).toContain('view=board')
    await page.page.reload()
    await page.link('live')
    await tile('127.0.0.2').focus()
    await page.page.keyboard.press('Enter')
    await expect.poll(() => page.filter.inputValue()).toBe('ip=127.0.0.2')
    await expect.poll(() => page.rows.count()).toBe(2)
  })
})
