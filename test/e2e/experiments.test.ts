import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ALIVE_MS } from '../../shared/stream.ts'
import { connectClient } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { ExperimentPage } from '../support/experiments-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith, type Tool } from '../tools.ts'
import { stager } from '../support/stage.ts'
import { en } from '../../web/text/en/catalogue.ts'

const LOOPBACKS: Tool =
  process.platform === 'linux'
    ? { path: '127.0.0.2', reason: null }
    : { path: null, reason: 'not every address of 127.0.0.0/8 is there' }

/** Wide enough for the local endpoints beside the panel. */
const WIDE = { viewport: { width: 1920, height: 1080 } }

describe.skipIf(isMissing(browserTool))(titleWith('experiments, by their buttons', browserTool), () => {
  const browser = new BrowserOfFile()

  async function endpoints(page: DashboardPage): Promise<string[]> {
    return (await page.read()).map(({ remote, local }) => `${remote} ${local}`).toSorted()
  }

  async function lit(page: DashboardPage): Promise<(string | null)[]> {
    const rows = await page.page.locator('.lit[data-connection-id]').all()
    return (await Promise.all(rows.map((row) => row.getAttribute('data-connection-id')))).toSorted()
  }

  async function isEmpty(page: DashboardPage): Promise<void> {
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  }

  describe('where the server answers, on every address', () => {
    const shared = new SharedDashboard(browser, [], WIDE)

    beforeEach(() => shared.page.button('Experiments').click())

    test.skipIf(isMissing(LOOPBACKS))(
      titleWith('the 4-tuple: another remote IP or another local one is enough, the same twice is refused', LOOPBACKS),
      async () => {
        const stage = stager()
        const { port, page } = shared
        await page.show('live').click()

        stage('the README’s own clients are in the way')
        const samePort = new ExperimentPage(page, 'The same port from two IPs')
        const own = await Promise.all(
          ['127.0.0.2', '127.0.0.3'].map((localAddress) => connectClient(port, { localAddress, localPort: 50_000 })),
        )
        await expect.poll(() => page.liveCount.innerText()).toBe('2')
        await samePort.runs()
        expect(await samePort.ids()).toEqual(shared.ids(3, 4))
        await samePort.cleanUp()
        for (const { socket } of own) socket.resetAndDestroy()
        await isEmpty(page)

        stage('the same port from two IPs')
        await samePort.card.getByText('Both are accepted: the 4-tuples differ in the remote IP.').waitFor()
        await samePort.runs()
        expect(await samePort.ids()).toEqual(shared.ids(5, 6))
        await expect
          .poll(() => endpoints(page))
          .toEqual([`127.0.0.2:50000 127.0.0.1:${port}`, `127.0.0.3:50000 127.0.0.1:${port}`])
        await expect.poll(() => lit(page)).toEqual(shared.ids(5, 6).map(String).toSorted())
        await samePort.cleanUp()
        await isEmpty(page)
        // No TIME_WAIT is left, so the experiment can run again at once.
        await samePort.runs()
        expect(await samePort.ids()).toEqual(shared.ids(7, 8))
        await samePort.cleanUp()

        stage('one client endpoint, two server addresses')
        const twoServers = new ExperimentPage(page, 'One client endpoint, two server addresses')
        await twoServers.card.getByText('Both are accepted: the 4-tuples differ in the local IP.').waitFor()
        await twoServers.runs()
        await expect
          .poll(() => endpoints(page))
          .toEqual([`127.0.0.2:50001 127.0.0.1:${port}`, `127.0.0.2:50001 127.0.0.3:${port}`])
        await twoServers.cleanUp()

        stage('the same 4-tuple twice')
        // The browser logs the refused request.
        page.tolerated = /409/
        const sameTuple = new ExperimentPage(page, 'The same 4-tuple twice')
        await sameTuple.card.getByText(en.experiments.list['same-tuple'][1]).waitFor()
        await sameTuple.runs()
        const [first, second] = await sameTuple.outcomes.allInnerTexts()
        expect(first).toContain(`accepted as connection ${shared.id(11)}`)
        expect(second).toContain('refused: EADDRNOTAVAIL')
        expect(second).toContain(en.live.errors.EADDRNOTAVAIL)
        expect(second).toContain(en.experiments.inTheWay(String(shared.id(11))))
        await expect.poll(() => endpoints(page)).toEqual([`127.0.0.2:50002 127.0.0.1:${port}`])
        await sameTuple.cleanUp()
        await isEmpty(page)
      },
    )

    test('many clients at once: each has a row; more than a thousand are refused in words', async () => {
      const { page } = shared
      const burst = new ExperimentPage(page, 'Many clients at once')
      const count = burst.card.getByRole('textbox', { name: 'Clients' })
      for (const text of ['10000', '0', 'many']) {
        await count.fill(text)
        await burst.card.getByText(en.experiments.countFault('1,000')).waitFor()
        expect(await burst.button.isEnabled()).toBe(false)
      }
      await count.fill('30')
      await burst.runs()
      await burst.card.getByText('30 accepted').waitFor()
      await expect.poll(() => page.liveCount.innerText()).toBe('30')
      await burst.cleanUp()
      await isEmpty(page)
    })

    test('a client leaves with FIN, with RST, or with half a close: the row says which', async () => {
      const { page } = shared
      // The client may have closed by itself before the clean-up.
      page.tolerated = /404/
      for (const [id, title, ending] of [
        [shared.id(1), en.experiments.list.fin[0], 'Closed by client · FIN'],
        [shared.id(2), en.experiments.list.reset[0], 'Reset by client'],
        // The echo has nothing left to answer, and closes too.
        [shared.id(3), 'A client closes only its side', 'Closed by client · FIN'],
      ] as const) {
        const experiment = new ExperimentPage(page, title)
        await experiment.runs()
        await experiment.outcomes.getByText(en.experiments.ended(ending)).waitFor()
        await page.row(id).getByText(ending).waitFor()
        await experiment.cleanUp()
      }
    })

    test('a client stops reading: bytes wait in the send queue, and the diagnosis says who has stopped', async () => {
      const { page } = shared
      const experiment = new ExperimentPage(page, 'A client stops reading')
      await experiment.runs()
      await experiment.card.getByText(/^4\.19\sMB sent to the server$/).waitFor()
      await experiment.outcomes.getByText(/send queue/).waitFor()
      await experiment.outcomes.getByRole('button', { name: `accepted as connection ${shared.id(1)}` }).click()
      await page.panel.getByText(en.connection.diagnosis['peer-not-reading']).waitFor()
      await page.panel.locator('figure [data-blamed=client]').waitFor()
      // The result is still there after a visit to the connection's panel.
      await page.button('Experiments').click()
      await experiment.cleanUp()
      await isEmpty(page)
    })

    test('the port accepts again after the browser was closed while an experiment held accept()', async () => {
      const { url, port } = shared
      const page = await browser.open(url)
      // The page asks for fifteen seconds and repeats that in time. A third of them is enough here.
      const asked: unknown[] = []
      await page.page.route('**/api/listener/pause', (route) => {
        asked.push(route.request().postDataJSON())
        return route.continue({ postData: JSON.stringify({ leaseMs: ALIVE_MS }) })
      })
      await page.button('Experiments').click()
      await new ExperimentPage(page, 'The server stops accepting').button.click()
      const state = async () => ((await (await fetch(new URL('/api/listener', url))).json()) as { state: string }).state
      await expect.poll(state).toBe('paused')
      expect(asked[0]).toEqual({ leaseMs: 3 * ALIVE_MS })
      await page.page.close()
      expect(await state()).toBe('paused')
      // The page's lease ends.
      await expect.poll(state, { interval: 200 }).toBe('accepting')
      expect(await (await connectClient(port)).read().line()).toMatch(/^You are/)
    })

    test('the server stops accepting: three clients wait with their bytes; accept again: they are served', async () => {
      const { url, page } = shared
      onTestFinished(async () => void (await fetch(new URL('/api/listener/resume', url), { method: 'POST' })))
      await page.show('live').click()
      const experiment = new ExperimentPage(page, 'The server stops accepting')
      await experiment.runs()
      await experiment.card.getByText('3 waiting').waitFor()
      const waiting = page.page.locator('[data-unmatched-socket=waiting]')
      await expect.poll(() => waiting.filter({ hasText: '6 B' }).count()).toBe(3)
      await page.page.locator('[data-accept-queue="3"]').waitFor()
      expect(await page.rows.count()).toBe(0)

      await experiment.card.getByRole('button', { name: en.experiments.acceptAgain }).click()
      await expect.poll(async () => (await experiment.ids()).toSorted((a, b) => a - b)).toEqual(shared.ids(1, 2, 3))
      await page.row(shared.id(3)).waitFor()
      await expect.poll(() => waiting.count()).toBe(0)
      await page.button('Stop accepting').waitFor()
      await experiment.cleanUp()
      await isEmpty(page)
    })
  })

  test('where the server does not answer, and on one address only: CLOSE_WAIT stays, and what cannot be shown says why', async () => {
    const { page } = await browser.serve(['--behavior=silent', '--host=127.0.0.1'], WIDE)
    await page.button('Experiments').click()
    for (const [title, why] of [
      ['One client endpoint, two server addresses', en.experiments.needsPort],
      ['A client stops reading', en.experiments.needsEcho],
    ] as const) {
      const experiment = new ExperimentPage(page, title)
      await experiment.card.getByText(why).waitFor()
      expect(await experiment.button.isEnabled()).toBe(false)
    }
    await new ExperimentPage(page, 'A client closes only its side').runs()
    await page.row(1).locator('[data-kernel=CLOSE_WAIT]').waitFor()
    expect(await page.row(1).getAttribute('data-state')).toBe('half-closed')
  })
})
