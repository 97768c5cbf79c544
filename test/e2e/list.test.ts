import { describe, expect, onTestFinished, test } from 'vitest'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { Terminal } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

describe.skipIf(isMissing(browserTool))(titleWith('the list of connections in the browser', browserTool), () => {
  const browser = new BrowserOfFile()

  async function rowsAre(page: DashboardPage, ids: number[]): Promise<void> {
    await expect.poll(() => page.ids()).toEqual(ids)
  }

  test('all, live and closed connections can be shown alone; the end of the list says what is not kept', async () => {
    const { port, url, page } = await browser.serve(['--closed-kept=1'])
    const [first, second, third] = await connectInOrder(4, port)
    first?.socket.end()
    await page.row(1).getByText('Closed by client · FIN').waitFor()

    await page.show('closed').click()
    await rowsAre(page, [1])
    await page.show('live').click()
    await rowsAre(page, [4, 3, 2])
    await page.show('all').click()
    await rowsAre(page, [4, 3, 2, 1])
    await expect.poll(() => page.show('all').innerText()).toMatch(/All\s+4/)
    await expect.poll(() => page.show('live').innerText()).toMatch(/Live\s+3/)
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+1/)
    const notKept = page.page.locator('[data-closed-kept]')
    expect(await notKept.count()).toBe(0)

    second?.socket.end()
    await page.row(2).getByText('Closed by client · FIN').waitFor()
    // The server forgets the first one only after its readers have had their turn.
    const kept = async () => (await fetch(`${url}/api/connections?state=closed&limit=0`)).json()
    await expect.poll(kept).toEqual({ total: 1, items: [] })
    await page.page.reload()
    const { count, server } = en.live.closedKept
    await page.page.getByRole('row', { name: `${count('1', '2')} ${server('1')}` }).waitFor()
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+1 of 2$/)
    await expect.poll(() => page.show('all').innerText()).toMatch(/All\s+3 of 4$/)
    await page.show('live').click()
    await notKept.waitFor({ state: 'detached' })

    third?.socket.resetAndDestroy()
    await page.page.locator('[data-resets="1"]').click()
    await rowsAre(page, [3])
    await expect.poll(() => new URL(page.page.url()).search).toBe('?show=closed&q=reset:any')
    await page.list.getByRole('columnheader', { name: en.list.columns.closedAt }).waitFor()
    // Beside the panel, the port of the local endpoint remains.
    await page.row(3).click()
    await page.list.getByRole('columnheader', { name: en.list.narrowColumns.local, exact: true }).waitFor()
    await page.row(3).getByText(`:${port}`, { exact: true }).waitFor()

    // On a phone, the strip and its details have the resets, and the list still begins high up.
    await page.page.setViewportSize({ width: 390, height: 844 })
    await page.page.goto(url)
    const resets = page.page.getByRole('button', { name: en.ports.resets.count(1, '1'), exact: true })
    await resets.waitFor()
    expect((await page.page.locator('[data-connection-id]').first().boundingBox())?.y).toBeLessThan(220)
    await resets.click()
    await rowsAre(page, [3])
    await page.page.goto(url)
    await page.page.locator('[data-fold]').click()
    const fact = page.page.locator('[data-reset-fact]')
    expect(await fact.innerText()).toBe('1')
    await fact.click()
    await rowsAre(page, [3])
    expect(await page.row(3).isVisible()).toBe(true)
  })

  test('what closed long before the page was opened comes from the server: by its filter, its address, or page by page', async () => {
    const { port, url, page } = await browser.serve()
    const [victim] = await connectInOrder(1, port)
    victim?.socket.resetAndDestroy()
    await page.row(1).getByText('Reset by client · RST').waitFor()
    const others = await connectClients(220, port)
    for (const { socket } of others) socket.end()
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+221$/)

    await page.page.goto(url)
    await page.link('live')
    // The server counts them, whatever the page has.
    await page.page.locator('[data-resets="1"]').click()
    const { older } = en.list
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+200 of 221$/)
    await rowsAre(page, [])
    await page.button(older.search).click()
    await rowsAre(page, [1])
    await page.page.getByText(older.noneLeft).waitFor()
    expect(await page.page.locator('[data-load-older]').count()).toBe(0)

    await page.page.goto(`${url}/#c=1`)
    await page.panel.getByText('Reset by client').first().waitFor()
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+201 of 221$/)
    await page.button('Close the panel').click()

    // After the last row, the arrow leads to the button.
    await page.page.evaluate(`document.querySelector('[role=grid] [role=rowgroup]').scrollTop = 1e6`)
    await page.row(1).click()
    await page.page.keyboard.press('Escape')
    await page.page.keyboard.press('ArrowDown')
    await page.page.locator('[data-load-older]:focus').waitFor()
    await page.button(older.load('20')).press('Enter')
    await expect.poll(() => page.show('closed').innerText()).toMatch(/Closed\s+221$/)
    await page.page.locator('[data-closed-kept]').waitFor({ state: 'detached' })
    await page.page
      .getByRole('status')
      .filter({ hasText: older.added(20, '20') })
      .waitFor({ state: 'attached' })
  })

  describe('that begins empty', () => {
    const shared = new SharedDashboard(browser, ['--closed-kept=0'])

    const nc = findProgram('nc')
    test.skipIf(isMissing(nc))(
      titleWith('an empty port gives a command that works as it is in a shell', nc),
      async () => {
        const { port, page } = shared
        await page.page.getByRole('heading', { name: en.list.empty.heading }).waitFor()
        await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
        await page.button('Copy').first().click()
        await page.button('Copied').waitFor()
        const command = await page.page.evaluate<string>('navigator.clipboard.readText()')
        expect(command).toBe(`nc localhost ${port}`)
        expect(await page.page.locator('code').first().innerText()).toMatch(new RegExp(`${command}$`))

        const shell = new Terminal('sh', '-c', command)
        await shell.prints(new RegExp(`You are .* connection ${shared.id(1)};`))
        await rowsAre(page, shared.ids(1))
      },
    )

    test('a press of a button or a key connects a built-in client', async () => {
      const { page } = shared
      await page.page.locator('[data-connect]').click()
      await rowsAre(page, shared.ids(1))
      const { keyboard } = page.page
      await keyboard.press('c')
      await keyboard.press('c')
      await rowsAre(page, shared.ids(3, 2, 1))
      // Held, it repeats, and is still one press.
      for (let times = 0; times < 5; times++) await keyboard.down('c')
      await keyboard.up('c')
      await rowsAre(page, shared.ids(4, 3, 2, 1))
      await expect.poll(() => page.liveCount.innerText()).toBe('4')
    })

    test('the title and the sentence count the live connections as they come and go', async () => {
      const { port, page } = shared
      const reads = async (title: string, sentence: string): Promise<void> => {
        await expect.poll(() => page.sentence.innerText()).toBe(sentence)
        await expect.poll(() => page.page.title()).toBe(title)
      }
      await reads(`(0) oneport :${port}`, '1 listening socket, 0 connected sockets, 1 port')
      const [first, second] = await connectInOrder(2, port)
      await reads(`(2) oneport :${port}`, '1 listening socket, 2 connected sockets, 1 port')
      first?.socket.end()
      await reads(`(1) oneport :${port}`, '1 listening socket, 1 connected socket, 1 port')
      second?.socket.resetAndDestroy()
      await reads(`(0) oneport :${port}`, '1 listening socket, 0 connected sockets, 1 port')
    })

    test('where the closed ones hide the live ones, a line counts these and shows them alone', async () => {
      const { port, page } = shared
      const clients = await connectInOrder(40, port)
      const line = page.page.locator('[data-live-out-of-view]')
      expect(await line.count()).toBe(0)
      for (const { socket } of clients.slice(1)) socket.end()
      await page.button(en.list.outOfView.showLive).click()
      await rowsAre(page, shared.ids(1))
      expect(await line.count()).toBe(0)
    })

    test('newest first; a click on a column sorts by it, the next click the other way round', async () => {
      const { port, page } = shared
      const clients = await connectInOrder(3, port)
      await rowsAre(page, shared.ids(3, 2, 1))
      clients[1]?.socket.write(Buffer.alloc(5_000))
      clients[0]?.socket.write(Buffer.alloc(70))
      await page.row(shared.id(2)).getByText('5 kB').first().waitFor()
      await page.row(shared.id(1)).getByText('70 B').first().waitFor()

      const bytesIn = page.list.getByRole('columnheader').filter({ hasText: 'Bytes in' })
      expect(await bytesIn.getAttribute('aria-sort')).toBe('none')
      await page.button('Bytes in').click()
      await rowsAre(page, shared.ids(2, 1, 3))
      expect(await bytesIn.getAttribute('aria-sort')).toBe('descending')
      await page.button('Bytes in').click()
      await rowsAre(page, shared.ids(3, 1, 2))
      expect(await bytesIn.getAttribute('aria-sort')).toBe('ascending')

      const ports = clients.map(({ local }, index) => ({ id: shared.id(index + 1), port: local.port }))
      // Far from the word.
      const remote = page.list.getByRole('columnheader', { name: 'Remote endpoint' })
      const { width } = (await remote.boundingBox()) ?? { width: 0 }
      await remote.click({ position: { x: width - 3, y: 2 } })
      await rowsAre(
        page,
        ports.sort((a, b) => a.port - b.port).map(({ id }) => id),
      )
    })

    test('each kind of filter term', async () => {
      const { port, page } = shared
      const open = (await connectClient(port, { localAddress: '127.0.0.2' })).read()
      await open.line()
      const gone = (await connectClient(port, { localAddress: '127.0.0.3' })).read()
      await gone.line()
      gone.socket.resetAndDestroy()
      await page.row(shared.id(2)).getByText('Reset by client · RST').waitFor()
      open.socket.write(Buffer.alloc(20_000))
      await page.row(shared.id(1)).getByText('20 kB').first().waitFor()

      const finds = async (filter: string, ids: number[]): Promise<void> => {
        await page.filter.fill(filter)
        await rowsAre(page, ids)
      }
      await finds('127.0.0.2', shared.ids(1))
      await finds('ip:127.0.0.', shared.ids(2, 1))
      await finds('ip:127.0.0.3', shared.ids(2))
      await finds(`port:${open.local.port}`, shared.ids(1))
      await finds(`port:${port}`, [])
      await finds('state:closed', shared.ids(2))
      await finds('state:open', shared.ids(1))
      await finds('state:live', shared.ids(1))
      await finds('bytes>10k', shared.ids(1))
      await finds('bytes<10k', shared.ids(2))
      await finds('age<1h', shared.ids(2, 1))
      await finds('age>1h', [])
      await finds('reset', shared.ids(2))
      await finds('ip:127.0.0. bytes>10k state:closed', [])
      await finds('text:"you are 127.0.0.2"', shared.ids(1))
      await finds('-text:"you are 127.0.0.2" OR state:live', shared.ids(2, 1))
      await finds('bytes>lots', [])
      await page.page.getByText('This term doesn’t take this value: bytes>lots').waitFor()
      await finds('foo:1', [])
      await page.page.getByText('No such term: foo:').waitFor()
      await page.filter.fill('sendqueue>10k OR -state:live')
      await page.page.getByText('No such term: sendqueue> — did you mean').waitFor()
      await page.button('sendq>').click()
      expect(await page.filter.inputValue()).toBe('sendq>10k OR -state:live')
      await rowsAre(page, shared.ids(2))
      await finds('foo:1', [])

      await page.page.getByText(en.list.noMatch.heading).waitFor()
      await page.button('Show all connections').click()
      await rowsAre(page, shared.ids(2, 1))
      expect(await page.filter.inputValue()).toBe('')
    })

    test('a filter by age lets a connection in when it is old enough', async () => {
      const { port, page } = shared
      await connectInOrder(1, port)
      await page.filter.fill('age>500ms')
      await connectInOrder(1, port)
      await rowsAre(page, shared.ids(2, 1))
      await page.filter.fill('age<500ms')
      await rowsAre(page, [])
    })

    test('a filter holds for what comes later', async () => {
      const { port, page } = shared
      await connectInOrder(1, port)
      await page.row(shared.id(1)).waitFor()
      await page.filter.fill('ip:127.0.0.9')
      await rowsAre(page, [])
      await connectClient(port)
      await connectClient(port, { localAddress: '127.0.0.9' })
      await rowsAre(page, shared.ids(3))
      expect(await page.liveCount.innerText()).toBe('3')
    })

    test('the client that stopped reading comes first among 200, and can be shown alone', async () => {
      const { port, page } = shared
      await connectClients(100, port)
      const stuck = await connectClient(port)
      await connectClients(100, port)
      stuck.socket.write(Buffer.alloc(16 << 20))
      await page.row(shared.id(101)).locator('[data-problem=peer-not-reading]').waitFor()
      expect((await page.ids())[0]).toBe(shared.id(101))
      expect(await page.row(shared.id(101)).innerText()).toContain(en.live.problems['peer-not-reading'])
      await page.show('attention').click()
      await rowsAre(page, shared.ids(101))
      await expect.poll(() => page.show('attention').innerText()).toMatch(/Needs attention\s+1/)
      stuck.socket.resume()
      await rowsAre(page, [])
    })

    test('the address holds view, filter and connection: Back undoes steps, a copy shows the same, and other tabs have their own', async () => {
      const { port, url, page } = shared
      await connectClients(2, port)
      await connectClient(port, { localAddress: '127.0.0.2' })
      await page.tab('clients').click()
      const client = page.page.locator('[data-client="127.0.0.2"] a')
      await client.focus()
      await page.page.keyboard.press('Enter')
      await rowsAre(page, shared.ids(3))
      await page.row(shared.id(3)).click()
      await page.panel.waitFor()
      await page.page.keyboard.press(']')
      await page.page.locator('[data-bytes]').waitFor()
      await expect.poll(() => page.page.url()).toBe(`${url}/?q=ip=127.0.0.2#c=${shared.id(3)}&bytes`)

      const copy = await browser.open(page.page.url())
      await copy.page.locator('[data-bytes]').waitFor()
      await rowsAre(copy, shared.ids(3))
      await copy.filter.fill('state:closed')
      await rowsAre(copy, [])

      await page.page.goBack()
      await page.panel.waitFor({ state: 'detached' })
      await rowsAre(page, shared.ids(3))
      await page.page.goBack()
      await client.waitFor()
      await page.page.goForward()
      await rowsAre(page, shared.ids(3))
      await page.page.keyboard.press('4')
      const events = page.page.locator('[data-event=accepted]')
      await expect.poll(() => events.count()).toBe(1)
      await events.locator('a').click()
      await page.panel.getByRole('heading', { name: `Connection ${shared.id(3)}` }).waitFor()
    })

    test('connections in quick succession are one line of the events, which the keyboard unfolds', async () => {
      const { port, page } = shared
      await page.page.keyboard.press('4')
      await connectClients(30, port, { localAddress: '127.0.0.3' })
      const line = page.page.locator('[data-event=accepted][data-folded="30"]')
      await line.getByText('30 × Accepted').waitFor()
      await line.getByRole('button').focus()
      await page.page.keyboard.press('Enter')
      await page.page.getByText(en.events.newest('20', '30')).waitFor()
      await page.page.keyboard.press('j')
      await page.page.keyboard.press('Enter')
      await page.panel.getByText('127.0.0.3').first().waitFor()
    })

    test('an address of what does not exist says so and leads back', async () => {
      const { port, url, page } = shared
      await connectClients(1, port)
      // The page asks the server.
      page.tolerated = /404/
      await page.page.goto(`${url}/?port=1&view=nowhere&sort=-colour#c=${shared.id(99)}`)
      await page.link('live')
      await page.panel.getByText(`Connection ${shared.id(99)} doesn’t exist`, { exact: false }).waitFor()
      const notice = page.page.locator('[data-address-notice]')
      expect(await notice.innerText()).toMatch(/port 1 here.*“view=nowhere”.*“sort=-colour”/s)
      await page.button(en.app.address.go).click()
      await notice.waitFor({ state: 'detached' })
      await page.button('Close the panel').click()
      await rowsAre(page, shared.ids(1))
      await expect.poll(() => page.page.url()).toBe(`${url}/`)
    })

    test('pause freezes the list and counts what has changed since', async () => {
      const { port, page } = shared
      const [first] = await connectInOrder(2, port)
      await rowsAre(page, shared.ids(2, 1))
      await page.button('Pause').click()
      const changes = async (): Promise<number> =>
        Number(/^Paused at .* (\d+) changes? since$/.exec(await page.paused.innerText())?.[1])
      await expect.poll(changes).toBeGreaterThanOrEqual(0)
      const before = await changes()

      await connectInOrder(1, port)
      first?.socket.resetAndDestroy()
      // The count still changes: it comes from the server.
      await expect.poll(() => page.liveCount.innerText()).toBe('2')
      await expect.poll(changes).toBeGreaterThanOrEqual(before + 2)
      expect((await page.read()).map(({ id, state }) => [id, state])).toEqual([
        [shared.id(2), 'Open'],
        [shared.id(1), 'Open'],
      ])

      await page.button('Resume').click()
      await rowsAre(page, shared.ids(3, 2, 1))
      await page.row(shared.id(1)).getByText('Reset by client · RST').waitFor()
      await page.paused.waitFor({ state: 'detached' })
    })

    describe('that holds still', () => {
      test('under the pointer no row moves; what waits is counted and shown on a click', async () => {
        const { port, page } = shared
        const [, second] = await connectInOrder(2, port)
        await rowsAre(page, shared.ids(2, 1))
        await page.row(shared.id(2)).hover()
        const before = await page.row(shared.id(2)).boundingBox()

        await connectInOrder(3, port)
        await page.waiting.getByText('3 new').waitFor()
        // Values still change in place.
        second?.socket.resetAndDestroy()
        await page.row(shared.id(2)).getByText('Reset by client · RST').waitFor()
        expect(await page.ids()).toEqual(shared.ids(2, 1))
        expect(await page.row(shared.id(2)).boundingBox()).toEqual(before)

        await page.waiting.click()
        await rowsAre(page, shared.ids(5, 4, 3, 2, 1))
        await page.waiting.waitFor({ state: 'detached' })
      })

      test('what came while the pointer was on the rows is shown when it leaves', async () => {
        const { port, page } = shared
        await connectInOrder(1, port)
        await page.row(shared.id(1)).hover()
        await connectInOrder(1, port)
        await page.waiting.getByText('1 new').waitFor()
        await page.pointAway()
        await rowsAre(page, shared.ids(2, 1))
      })

      test('under the pointer no row moves with a notice above, which is shown and told at once', async () => {
        const { port, url, page } = shared
        const listener = (what: string) => fetch(`${url}/api/listener/${what}`, { method: 'POST' })
        onTestFinished(async () => void (await listener('resume')))
        const notice = page.page.locator('[data-notice=held]')
        await connectInOrder(2, port)
        await rowsAre(page, shared.ids(2, 1))
        const row = page.row(shared.id(2))
        await row.hover()
        const before = await row.boundingBox()

        await listener('pause')
        await notice.waitFor()
        await page.page.getByRole('status').filter({ hasText: en.app.notices.heldTitle }).waitFor({ state: 'attached' })
        expect(await row.boundingBox()).toEqual(before)
        await page.pointAway()
        await expect.poll(async () => (await row.boundingBox())?.y).toBeGreaterThan(before?.y ?? 0)

        await row.hover()
        const below = await row.boundingBox()
        await listener('resume')
        await notice.waitFor({ state: 'detached' })
        expect(await row.boundingBox()).toEqual(below)
        await page.pointAway()
        await expect.poll(() => row.boundingBox()).toEqual(before)
      })

      test('scrolled down, the rows in sight stay where they are while others come', async () => {
        const { port, page } = shared
        await connectInOrder(60, port)
        await expect.poll(() => page.liveCount.innerText()).toBe('60')
        await page.scrollTo(500)
        await page.row(shared.id(40)).waitFor()
        const seen = page.row(shared.id(40))
        const before = await seen.boundingBox()
        expect(before).not.toBeNull()

        await connectInOrder(5, port)
        await page.waiting.getByText('5 new').waitFor()
        expect(await seen.boundingBox()).toEqual(before)
        // The update adds rows above; the rows on screen stay where they are.
        await page.waiting.click()
        await page.waiting.waitFor({ state: 'detached' })
        await expect.poll(() => seen.boundingBox()).toEqual(before)
      })

      test('scrolled down, a socket that comes to wait above the rows moves none of them', async () => {
        const { port, url, page } = shared
        await connectInOrder(60, port)
        await expect.poll(() => page.liveCount.innerText()).toBe('60')
        onTestFinished(async () => void (await fetch(`${url}/api/listener/resume`, { method: 'POST' })))
        await page.button('Stop accepting').click()
        await page.button(en.ports.queue.again).waitFor()
        await page.scrollTo(500)
        await page.row(shared.id(40)).waitFor()
        const before = await page.row(shared.id(40)).boundingBox()

        await connectClient(port)
        await page.waiting.getByText(en.list.toolbar.waitingUnmatched('1')).waitFor()
        await page.waiting.click()
        await page.page.locator('[data-unmatched-socket=waiting]').waitFor()
        await expect.poll(() => page.row(shared.id(40)).boundingBox()).toEqual(before)
        await page.button(en.ports.queue.again).click()
        await expect.poll(() => page.liveCount.innerText()).toBe('61')
      })
    })
  })
})
