import { describe, expect, onTestFinished, test } from 'vitest'
import type { Listener } from '../../shared/stream.ts'
import { getJson } from '../support/app.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { startProcess } from '../support/server-process.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { netcat } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const nc = findProgram('nc')
const NEEDED = [browserTool, nc]

describe.skipIf(isMissing(...NEEDED))(titleWith('the dashboard and its server', ...NEEDED), () => {
  const browser = new BrowserOfFile()

  const asConnection = (id: number) => new RegExp(`as connection ${id};`)

  test('the server is killed and started again on the same ports: lost, then live with nothing stale', async () => {
    const { server, port, uiPort, url, page } = await browser.serve()
    const other = await browser.open(url)
    for (const dashboard of [page, other]) dashboard.tolerated = /ERR_|WebSocket connection to/
    await connectClient(port)
    const gone = await connectClient(port)
    gone.socket.resetAndDestroy()
    await page.row(2).getByText('Reset by client · RST').waitFor()
    await page.row(1).click()
    await page.panel.waitFor()

    server.child.kill('SIGKILL')
    await page.link('lost')
    await page.notice('lost').getByText(en.app.link.lostTitle).waitFor()
    await page.page.getByText(/^\s*Lost since \d\d:\d\d:\d\d\s*$/).waitFor()
    // The title shows no count while the number is unknown.
    await expect.poll(() => page.page.title()).toBe(`oneport :${port}`)

    // The listener process holds the port until it exits; it shares the log's pipe.
    await server.exited
    await startProcess({ args: [`--port=${port}`, `--ui-port=${uiPort}`] }).ready()
    await page.link('live')
    await page.notice('lost').waitFor({ state: 'detached' })
    await expect.poll(() => page.page.title()).toBe(`(0) oneport :${port}`)
    expect(await page.rows.count()).toBe(0)
    await page.page.getByRole('heading', { name: en.list.empty.heading }).waitFor()

    const client = netcat('127.0.0.1', port)
    await client.prints(/as connection 1;/)
    await page.row(1).waitFor()
    expect(await page.liveCount.innerText()).toBe('1')
    // Another client has the number of the connection that was open.
    await page.page.getByText(en.app.restart.detail('1')).waitFor()
    expect(await page.panel.count()).toBe(0)
    expect(page.page.url()).not.toContain('c=1')
    // The events of both runs are there, and only those of the new one open a connection.
    await page.tab('events').click()
    await page.page.locator('[data-event=port]').getByText('The server was restarted').waitFor()
    expect(await page.page.locator('[data-event=accepted][data-event-of="1"]').count()).toBe(2)
    expect(await page.page.locator('[data-event=accepted] a').count()).toBe(1)
    await page.tab('connections').click()
    // Every dashboard reconnects by itself.
    await expect.poll(() => other.read()).toEqual(await page.read())
  })

  test('a link that says nothing more is lost too, though no socket was closed', async () => {
    const { server, page } = await browser.serve()
    page.tolerated = /ERR_|WebSocket connection to/
    // The browser's clock runs as usual until the test advances it.
    await page.page.clock.install()
    await page.page.reload()
    await page.link('live')
    server.child.kill('SIGSTOP')
    await page.page.clock.fastForward('00:30')
    await page.link('lost')
    server.child.kill('SIGCONT')
    await page.page.clock.fastForward('00:30')
    await page.link('live')
  })

  test('the listener process is killed: its connections end as that, the port does not', async () => {
    const { port, uiPort, page } = await browser.serve()
    await netcat('127.0.0.1', port).prints(/as connection 1;/)
    await connectClient(port)
    await page.row(2).waitFor()
    const before = (await getJson<Listener>({ uiPort }, '/api/listener')).body

    process.kill(before.pid ?? 0, 'SIGKILL')
    await page.row(1).getByText('Listener process died').waitFor()
    await page.row(2).getByText('Listener process died').waitFor()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')

    // It may connect at once or wait in the accept queue first.
    const [, id] = await netcat('127.0.0.1', port).prints(/as connection (\d+); no other/)
    await page.row(Number(id)).getByText('Open').waitFor()
    await page.card.locator('[data-listener-state=accepting]').waitFor()
    await page.notice('down').waitFor({ state: 'detached' })
    await page.unfold()
    const pid = page.card.locator('dt:text-is("Process") + dd')
    const after = (await getJson<Listener>({ uiPort }, '/api/listener')).body
    expect(after).toMatchObject({ state: 'accepting', restarts: 1, inode: before.inode, local: before.local })
    expect(after.pid).not.toBe(before.pid)
    await expect.poll(() => pid.innerText()).toBe(String(after.pid))
  })

  test('a server with a token lets in who has its address, and tells the others what is missing', async () => {
    const { port, url } = await startProcess({
      args: ['--port=0', '--ui-port=0', '--token=open-sesame-please'],
    }).ready()
    await connectClient(port)
    const page = await browser.open(`${url}/#token=open-sesame-please`)
    await page.row(1).waitFor()
    expect(page.page.url()).not.toContain('sesame')

    const stranger = await page.page.context().browser()?.newPage()
    await stranger?.goto(url)
    await stranger?.locator('[data-notice=token]').getByText(en.app.link.tokenTitle).waitFor()
    expect(await stranger?.locator('[data-connection-id]').count()).toBe(0)
    // The notice says to put the token at the end of the address. On an open page this changes only the fragment.
    await stranger?.evaluate("location.hash = 'token=open-sesame-please'")
    await stranger?.locator('[data-connection-id]').waitFor()
    expect(stranger?.url()).not.toContain('sesame')
    await stranger?.close()
  })

  describe('while all is well', () => {
    const shared = new SharedDashboard(browser)

    test('the moment the link is live, the count is that of now', async () => {
      const { port, page } = shared
      await connectInOrder(3, port)
      await page.page.addInitScript(`new MutationObserver(() => {
        if (document.documentElement.dataset.link === 'live') {
          globalThis.countWhenLive ??= document.querySelector('[data-live-count]')?.textContent ?? 'none'
        }
      }).observe(document, { subtree: true, attributeFilter: ['data-link'] })`)
      await page.page.reload()
      await page.link('live')
      expect(await page.page.evaluate('globalThis.countWhenLive')).toBe('3')
    })

    test('two dashboards at once show the same', async () => {
      const { port, url, page: early } = shared
      const before = await early.rows.count()
      const clients = await Promise.all(Array.from({ length: 12 }, () => connectClient(port)))
      for (const client of clients.slice(0, 5)) client.socket.resetAndDestroy()
      const late = await browser.open(url)
      for (const client of clients.slice(5, 8)) client.socket.end()
      await connectClient(port)

      for (const page of [early, late]) {
        await expect.poll(() => page.liveCount.innerText()).toBe('5')
        await expect.poll(() => page.rows.count()).toBe(before + 13)
      }
      await expect.poll(() => late.read()).toEqual(await early.read())
      expect((await early.read()).filter(({ state }) => state === 'Open')).toHaveLength(5)
      expect(await late.page.title()).toBe(await early.page.title())
    })
  })

  describe('with narrow limits', () => {
    const shared = new SharedDashboard(browser, ['--max-connections=2', '--max-readers=1'])

    test('at the limit the page says so and counts who is refused, until a client leaves', async () => {
      const { port, uiPort, page } = shared
      const { refused: before } = (await getJson<Listener>({ uiPort }, '/api/listener')).body.counters
      const first = netcat('-N', '127.0.0.1', port)
      await first.prints(asConnection(shared.id(1)))
      await netcat('-N', '127.0.0.1', port).prints(asConnection(shared.id(2)))
      await page.notice('limit').getByText(en.app.notices.limitTitle('2')).waitFor()

      const refused = netcat('-N', '127.0.0.1', port)
      await page
        .notice('limit')
        .getByText(en.app.notices.limitDetail(before + 1, String(before + 1)))
        .waitFor()
      refused.endInput()
      await refused.exited
      expect(refused.output).not.toContain('You are')
      expect(await page.liveCount.innerText()).toBe('2')

      first.endInput()
      await page.notice('limit').waitFor({ state: 'detached' })
      expect(await page.page.locator('[data-notice]').count()).toBe(0)
      await netcat('127.0.0.1', port).prints(/You are .*; 1 other connection shares/)
      await page.notice('limit').waitFor()
    })

    test('the page says that too many viewers are connected, and opens when another viewer leaves', async () => {
      const { url } = shared
      const first = shared.page.page
      const second = await first.context().newPage()
      onTestFinished(() => second.close())
      await second.goto(url)
      const notice = second.locator('[data-notice=full]')
      await notice.getByText(en.app.link.fullDetail('1')).waitFor()
      // What is there now is no dashboard.
      await first.goto(`${url}/api/listener`)
      await notice.waitFor({ state: 'detached' })
      await second.locator('html[data-link=live]').waitFor()
    })
  })
})
