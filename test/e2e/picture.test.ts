import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import { PicturePage } from '../support/picture-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

async function post(url: string, path: string, body?: object): Promise<void> {
  const init = body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}
  expect((await fetch(new URL(path, url), { method: 'POST', ...init })).status).toBe(200)
}

describe.skipIf(isMissing(browserTool))(titleWith('the picture of the port', browserTool), () => {
  const browser = new BrowserOfFile()

  describe('while the port greets', () => {
    const shared = new SharedDashboard(browser, ['--closed-kept=0'])

    test('is there before the first client, and each one that comes is born from the listening socket', async () => {
      const { port, page } = shared
      const picture = await new PicturePage(page).open()
      expect(await picture.number('sockets')).toBe(0)
      await picture.figure.getByText(en.picture.nobody).waitFor()
      await connectInOrder(3, port)
      await connectClient(port, { localAddress: '127.0.0.2' })
      await expect.poll(() => picture.number('sockets')).toBe(4)
      expect(await picture.number('groups')).toBe(2)
      expect(await picture.number('births')).toBe(4)
      // The greetings.
      await expect.poll(() => picture.number('pulses')).toBe(4)
      expect(await page.liveCount.innerText()).toBe('4')
    })

    test('a click on a socket opens its panel; list and picture have one selection, and mark what the other points at', async () => {
      const { port, page } = shared
      const clients = await connectInOrder(3, port)
      const picture = await new PicturePage(page).open()
      await expect.poll(() => picture.number('sockets')).toBe(3)
      await picture.hoverSocket(1)
      await picture.figure
        .getByText(`${formatEndpoint(clients[1]?.local ?? { address: '', port: 0 })} → 127.0.0.1:${port}`)
        .first()
        .waitFor()
      await picture.clickSocket(1)
      const heading = page.panel.getByRole('heading', { level: 2 })
      await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(2)}`)
      await page.tab('connections').click()
      await page.row(shared.id(2)).and(page.page.locator('[aria-current=true]')).waitFor()
      expect(await heading.innerText()).toBe(`Connection ${shared.id(2)}`)

      await page.page.keyboard.press('Escape')
      await page.page.locator('[data-beside]').click()
      await picture.hoverSocket(2)
      await page.row(shared.id(3)).and(page.page.locator('.hovered')).waitFor()
      await page.row(shared.id(1)).hover()
      await picture.figure.and(page.page.locator(`[data-hovered="${shared.id(1)}"]`)).waitFor()
      await page.page.mouse.move(0, 0)
      await page.page.locator('figure[data-picture]:not([data-hovered])').waitFor()

      // The lesson draws the socket elsewhere.
      await picture.hoverSocket(2)
      await picture.tip.waitFor()
      await page.page.keyboard.press('t')
      await picture.tip.waitFor({ state: 'detached' })
    })

    test('a connection whose reading was stopped by hand looks stopped', async () => {
      const { port, url, page } = shared
      await connectInOrder(2, port)
      const picture = await new PicturePage(page).open()
      await post(url, `/api/connections/${shared.id(2)}/reading`, { paused: true })
      await expect.poll(() => picture.number('stopped')).toBe(1)
      await post(url, `/api/connections/${shared.id(2)}/reading`, { paused: false })
      await expect.poll(() => picture.number('stopped')).toBe(0)
    })

    test('who is not accepted waits in the queue of the listening socket, and is born when it is', async () => {
      const { port, url, page } = shared
      const picture = await new PicturePage(page).open()
      await post(url, '/api/listener/pause')
      onTestFinished(() => post(url, '/api/listener/resume'))
      await connectClients(2, port)
      await expect.poll(() => picture.number('waiting')).toBe(2)
      expect(await picture.number('sockets')).toBe(0)
      await post(url, '/api/listener/resume')
      await expect.poll(() => picture.number('sockets')).toBe(2)
      await expect.poll(() => picture.number('waiting')).toBe(0)
      expect(await picture.number('births')).toBe(2)
    })

    test('pause holds the picture as it is; resumed, it is as things are by then', async () => {
      const { port, page } = shared
      await connectInOrder(2, port)
      const picture = await new PicturePage(page).open()
      await expect.poll(() => picture.number('sockets')).toBe(2)
      await page.button('Pause').click()
      await page.paused.waitFor()
      await connectInOrder(1, port)
      await expect.poll(() => page.liveCount.innerText()).toBe('3')
      expect(await picture.number('sockets')).toBe(2)
      await page.button('Resume').click()
      await expect.poll(() => picture.number('sockets')).toBe(3)
    })

    test('where less motion is wanted, nothing travels and the states are the same', async () => {
      const { port, page } = shared
      await page.page.emulateMedia({ reducedMotion: 'reduce' })
      onTestFinished(() => page.page.emulateMedia({ reducedMotion: null }))
      const picture = await new PicturePage(page).open()
      const clients = await connectInOrder(2, port)
      clients[0]?.socket.write('hello')
      await expect.poll(() => picture.number('sockets')).toBe(2)
      clients[1]?.socket.resetAndDestroy()
      await expect.poll(() => picture.number('reset')).toBe(1)
      expect([await picture.number('births'), await picture.number('pulses')]).toEqual([0, 0])
      await expect.poll(() => picture.number('reset')).toBe(0)
    })
  })

  describe('while the port does not greet', () => {
    const shared = new SharedDashboard(browser, ['--closed-kept=0', '--no-greeting'])

    test('data runs along its line, in both directions', async () => {
      const { port, page } = shared
      const client = (await connectClient(port)).read()
      await page.row(shared.id(1)).waitFor()
      const picture = await new PicturePage(page).open()
      expect(await picture.number('pulses')).toBe(0)
      client.socket.write('hello')
      await expect.poll(() => picture.number('pulses')).toBe(2)
    })

    test('many are dots: counted, found by arrow keys, opened by a click or Enter, dimmed by the filter', async () => {
      const { port, page } = shared
      await connectClients(60, port)
      await connectClients(40, port, { localAddress: '127.0.0.2' })
      const picture = await new PicturePage(page).open()
      await expect.poll(() => picture.number('sockets')).toBe(100)
      expect(await picture.claim('picture')).toBe('many')
      expect(await picture.number('groups')).toBe(2)
      const heading = page.panel.getByRole('heading', { level: 2 })
      await picture.clickSocket(56)
      await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(57)}`)
      await picture.drawing.focus()
      await page.page.keyboard.press('ArrowDown')
      await expect.poll(() => heading.innerText()).toBe(`Connection ${shared.id(58)}`)
      await page.page.keyboard.press('Escape')
      // With one address selected, the keys skip the other addresses.
      await picture.clickAddress(1, 2)
      expect(await page.filter.inputValue()).toBe('ip=127.0.0.2')
      await picture.drawing.focus()
      await page.page.keyboard.press('ArrowDown')
      await page.page.keyboard.press('Enter')
      const others = Array.from({ length: 40 }, (_, i) => `Connection ${shared.id(61 + i)}`)
      await expect.poll(() => heading.innerText()).toBeOneOf(others)
    })
  })

  test('half-close, FIN, RST and TIME_WAIT look as they are', async () => {
    const { port, url, page } = await browser.serve(['--behavior=silent'])
    const [half, reset, last] = await connectInOrder(3, port)
    const picture = await new PicturePage(page).open()
    half?.socket.end()
    await expect.poll(() => picture.number('half-closed')).toBe(1)
    expect(await picture.number('sockets')).toBe(3)
    reset?.socket.resetAndDestroy()
    await expect.poll(() => picture.number('reset')).toBe(1)
    await post(url, '/api/connections/1/close', { how: 'fin' })
    await expect.poll(() => picture.number('fin')).toBe(1)
    await expect.poll(() => picture.number('sockets')).toBe(1)
    // The server closes first, so its socket enters TIME_WAIT.
    await post(url, '/api/connections/3/close', { how: 'fin' })
    last?.socket.end()
    await expect.poll(() => picture.number('time-wait')).toBe(1)
    expect(await picture.number('sockets')).toBe(0)
    await expect.poll(() => picture.number('reset')).toBe(0)
  })

  test('says the same in words, outlives a reload, and fits a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
    const { port, page } = await browser.serve([], phone)
    await connectInOrder(2, port)
    await page.row(2).waitFor()
    const picture = await new PicturePage(page).open()
    await page.page.reload()
    await page.link('live')
    await picture.figure.waitFor()
    await expect
      .poll(() => picture.figure.locator('#picture-summary').textContent())
      .toMatch(/one listening socket, which carries no data/)
    await expect.poll(() => picture.number('sockets')).toBe(2)
    expect(
      await page.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0)
    await picture.clickSocket(0)
    await expect.poll(() => page.panel.getByRole('heading', { level: 2 }).innerText()).toBe('Connection 1')
  })
})
