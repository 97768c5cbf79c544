import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { startProcess } from '../support/server-process.ts'
import { Terminal } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const TOKEN = 'token-long-enough-for-this'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

/** Runs in the page: the list's layout, once for each row in which an id of seven digits is cut, or the row itself. */
const CUT_IDS = `[...document.querySelectorAll('.row[data-connection-id]')].flatMap((row) => {
  const id = row.querySelector('.id')
  id.textContent = '9999999'
  const cut = [row, id].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  return cut ? row.closest('[data-layout]').dataset.layout : []
})`

describe.skipIf(isMissing(browserTool))(titleWith('panel, keyboard, theme, phone', browserTool), () => {
  const browser = new BrowserOfFile()

  async function events(page: DashboardPage): Promise<string[]> {
    const items = await page.panel.getByRole('listitem').allInnerTexts()
    return items.map((text) => text.split('\n').filter(Boolean)[1] ?? '')
  }

  const shared = new SharedDashboard(browser, ['--closed-kept=1'])

  test('the panel shows the 4-tuple, the record and what happens, as it happens', async () => {
    const { port, page } = shared
    const client = (await connectClient(port)).read()
    await client.line()
    const remote = formatEndpoint(client.local)
    await page.row(shared.id(1)).click()

    const drawing = page.panel.getByRole('figure', { name: en.connection.tuple })
    expect((await drawing.innerText()).replaceAll('\n', ' ')).toMatch(
      new RegExp(`127\\.0\\.0\\.1 :${client.local.port} .*127\\.0\\.0\\.1 :${port}( ESTABLISHED)?$`),
    )
    expect(await page.field('Remote endpoint').innerText()).toBe(remote)
    expect(await page.field('Local endpoint').innerText()).toBe(`127.0.0.1:${port}`)
    await expect.poll(() => events(page)).toContain('Accepted')

    client.socket.write('0123456789')
    await expect.poll(() => page.field('Bytes in').innerText()).toMatch(/^10\sB$/)
    expect(await page.field('Chunks in').innerText()).toBe('1')

    client.socket.end()
    await expect.poll(() => page.field('Ended').innerText()).toBe('Closed by client · FIN')
    await expect.poll(() => page.field('State').innerText()).toBe('Closed')
    await expect.poll(async () => (await events(page)).at(-1)).toBe('Closed by client · FIN')
    expect(page.page.url()).toMatch(new RegExp(`#c=${shared.id(1)}$`))
  })

  const ss = findProgram('ss')
  test.skipIf(isMissing(ss))(titleWith("the panel's command finds the same socket in a shell", ss), async () => {
    const { port, page } = shared
    const [client] = await connectInOrder(2, port)
    await page.row(shared.id(1)).click()
    await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.button('Copy ss command').click()
    await page.button('Copied').waitFor()
    const shell = new Terminal('sh', '-c', await page.page.evaluate<string>('navigator.clipboard.readText()'))
    await shell.exited
    const found = shell.output.trim().split('\n').slice(1)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`:${client?.local.port} `)
  })

  test('a page opened at an address such as #c=2 shows that connection, and ids of seven digits have room with and without the panel', async () => {
    const { port, url, page } = shared
    await connectInOrder(2, port)
    await page.page.goto(`${url}/#c=${shared.id(2)}`)
    await page.page.reload()
    await page.link('live')
    await expect
      .poll(() => page.panel.getByRole('heading', { level: 2 }).innerText())
      .toBe(`Connection ${shared.id(2)}`)
    const idsHaveRoom = async (widths: number[]): Promise<void> => {
      for (const width of widths) {
        await page.page.setViewportSize({ width, height: 800 })
        await expect.poll(() => page.page.evaluate(CUT_IDS), { message: `${width} pixels` }).toEqual([])
      }
    }
    await idsHaveRoom([1280, 1366, 1440, 1800, 1920])
    await page.button('Close the panel').click()
    await page.panel.waitFor({ state: 'detached' })
    expect(page.page.url()).not.toContain('#')
    await idsHaveRoom([390, 850, 1000, 1280, 1440])
  })

  test('the panel is as wide as somebody has made it, by dragging and by keys, also after a reload', async () => {
    const { port, page } = shared
    await connectInOrder(1, port)
    await page.row(shared.id(1)).click()
    const width = async () => (await page.panel.boundingBox())?.width
    await expect.poll(width).toBe(480)
    const edge = page.panel.getByRole('separator')
    const box = await edge.boundingBox()
    if (box === null) throw new Error('no edge')
    await page.page.mouse.move(box.x + 3, box.y + 200)
    await page.page.mouse.down()
    await page.page.mouse.move(box.x - 97, box.y + 200)
    await page.page.mouse.up()
    const dragged = 1440 - (box.x - 97)
    await expect.poll(width).toBe(dragged)
    await edge.focus()
    await page.page.keyboard.press('ArrowRight')
    await expect.poll(width).toBe(dragged - 16)
    await page.page.reload()
    await page.link('live')
    await expect.poll(width).toBe(dragged - 16)
  })

  test('the panel works with the keyboard alone', async () => {
    const { port, page } = shared
    await connectInOrder(3, port)
    await page.row(shared.id(3)).waitFor()
    const { keyboard } = page.page
    const heading = page.panel.getByRole('heading', { level: 2 })

    await keyboard.press('j')
    await keyboard.press('j')
    await page.page.locator(`[data-connection-id="${shared.id(2)}"]:focus`).waitFor()
    await keyboard.press('Enter')
    await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(2)}`)
    await keyboard.press('ArrowDown')
    await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(1)}`)
    await keyboard.press('k')
    await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(2)}`)
    await keyboard.press('Escape')
    await page.panel.waitFor({ state: 'detached' })

    // Pressed at once: the row that j selects must not take the focus back.
    await keyboard.press('j')
    await keyboard.press('/')
    await keyboard.type('state:closed p?')
    expect(await page.filter.inputValue()).toBe('state:closed p?')
    await keyboard.press('Escape')
    await expect.poll(() => page.filter.inputValue()).toBe('')
    await page.filter.blur()

    await keyboard.press('p')
    await page.paused.waitFor()
    await keyboard.press('p')
    await page.paused.waitFor({ state: 'detached' })

    await keyboard.press('?')
    const dialog = page.page.getByRole('dialog', { name: en.app.shortcuts.heading })
    await dialog.waitFor()
    await keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  test("the theme is the system's until one is chosen, and the choice outlives a reload", async () => {
    const { page } = shared
    await page.page.emulateMedia({ colorScheme: 'dark' })
    onTestFinished(() => page.page.emulateMedia({ colorScheme: 'light' }))
    await page.page.reload()
    await page.link('live')
    const background = (): Promise<string> => page.page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await background()
    await page.page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(background).not.toBe(dark)
    const light = await background()

    await page.button('Dark theme').click()
    await expect.poll(background).toBe(dark)
    await page.page.reload()
    await page.link('live')
    expect(await background()).toBe(dark)
    await page.button('Light theme').click()
    await expect.poll(background).toBe(light)
  })

  test('in a browser that blocks site data the page works, and forgets what was chosen', async () => {
    const { url } = await startProcess({ args: ['--port=0', '--ui-port=0', `--token=${TOKEN}`] }).ready()
    const page = await browser.open(`${url}/#token=${TOKEN}`, { colorScheme: 'light' })
    await page.page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get() { throw new DOMException('Access is denied', 'SecurityError') } })`)
    // Adding a token to the address reloads the page.
    const loaded = page.page.waitForEvent('load')
    await page.page.evaluate(`location.hash = 'token=${TOKEN}'`)
    await loaded
    await page.link('live')
    await page.button('Dark theme').click()
    await page.button('Light theme').waitFor()
    await page.page.locator('header').getByRole('button', { name: 'Русский' }).click()
    await page.page.locator('html[lang=ru]').waitFor({ state: 'attached' })

    // Not even the token is kept, so the page must ask for it again.
    page.tolerated = /401|WebSocket connection to/
    await page.page.reload()
    await page.notice('token').getByText(en.app.link.tokenTitle).waitFor()
    await page.button('Dark theme').waitFor()
  })

  test('on a phone nothing is wider than the screen, and the panel has a way back', async () => {
    const { port, page } = await browser.serve([], PHONE)
    const overflow = (): Promise<number> =>
      page.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(await overflow()).toBe(0)

    await connectInOrder(3, port)
    await page.row(3).waitFor()
    expect(await overflow()).toBe(0)

    await page.row(3).tap()
    const sheet = await page.panel.boundingBox()
    expect(sheet).toMatchObject({ x: 0, width: PHONE.viewport.width })
    expect(await overflow()).toBe(0)
    await page.button('Back to the list').tap()
    await page.panel.waitFor({ state: 'detached' })
    await page.row(3).waitFor()
  })

  test('on a phone, in the longer language, the first row is near the top, a notice has the width, and a number takes a finger', async () => {
    const { port, url, page } = await browser.serve([], { ...PHONE, locale: 'ru-RU' })
    const [reset] = await connectInOrder(5, port)
    await page.row(5).waitFor()
    expect((await page.rows.first().boundingBox())?.y).toBeLessThanOrEqual(220)

    reset?.socket.resetAndDestroy()
    await page.page.locator('[data-fold]').tap()
    const label = page.page.locator('div:has(> dd [data-reset-fact]) > dt')
    await label.tap({ force: true })
    await expect.poll(() => page.page.url()).toContain('reset')

    await page.page.goto(`${url}/?view=nowhere`)
    const notice = page.page.locator('[data-address-notice]')
    const words = await notice.getByRole('paragraph').boundingBox()
    const button = await notice.getByRole('button').boundingBox()
    expect(button?.y).toBeGreaterThanOrEqual((words?.y ?? Infinity) + (words?.height ?? 0))
    expect(button?.height).toBeGreaterThanOrEqual(44)
  })
})
