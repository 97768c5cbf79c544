import { describe, expect, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { ExperimentPage } from '../support/experiments-page.ts'
import { isMissing, titleWith } from '../tools.ts'

const LOOPBACKS = process.platform === 'linux'

describe.skipIf(isMissing(browserTool))(titleWith('experiments, by their buttons', browserTool), () => {
  const browser = new BrowserOfFile()

  async function serve(
    title: string,
    ...args: string[]
  ): Promise<{ port: number; page: DashboardPage; experiment: ExperimentPage }> {
    const { port, page } = await browser.serve(args)
    await page.button('Experiments').click()
    return { port, page, experiment: new ExperimentPage(page, title) }
  }

  async function endpoints(page: DashboardPage): Promise<string[]> {
    return (await page.read()).map(({ remote, local }) => `${remote} ${local}`).toSorted()
  }

  async function lit(page: DashboardPage): Promise<(string | null)[]> {
    const rows = await page.page.locator('.lit').all()
    return (await Promise.all(rows.map((row) => row.getAttribute('data-connection-id')))).toSorted()
  }

  test.runIf(LOOPBACKS)('the same port from two IPs: both are accepted, side by side, and cleaned up', async () => {
    const { port, page, experiment } = await serve('The same port from two IPs')
    await experiment.card.getByText('Both are accepted: the 4-tuples differ in the remote IP.').waitFor()
    await experiment.runs()
    expect(await experiment.ids()).toEqual([1, 2])
    await page.row(2).waitFor()
    expect(await endpoints(page)).toEqual([`127.0.0.2:50000 127.0.0.1:${port}`, `127.0.0.3:50000 127.0.0.1:${port}`])
    await expect.poll(() => lit(page)).toEqual(['1', '2'])

    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
    expect(await lit(page)).toEqual([])
    // Cleaned up, it can be run again.
    await experiment.runs()
    expect(await experiment.ids()).toEqual([3, 4])
  })

  test.runIf(LOOPBACKS)('one client endpoint to two server addresses: both are accepted', async () => {
    const { port, page, experiment } = await serve('One client endpoint, two server addresses')
    await experiment.runs()
    await page.row(2).waitFor()
    expect(await endpoints(page)).toEqual([`127.0.0.2:50001 127.0.0.1:${port}`, `127.0.0.2:50001 127.0.0.3:${port}`])
    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  test('on one address only, two server addresses cannot be had, and the page says so', async () => {
    const { experiment } = await serve('One client endpoint, two server addresses', '--host=127.0.0.1')
    await experiment.card.getByText('The listening socket is on one address only.').waitFor()
    expect(await experiment.card.getByRole('button', { name: 'Run' }).isEnabled()).toBe(false)
  })

  test.runIf(LOOPBACKS)('the same 4-tuple twice: the kernel refuses the second, and its errno is shown', async () => {
    const { port, page, experiment } = await serve('The same 4-tuple twice')
    page.tolerated = /409/
    await experiment.runs()
    const [first, second] = await experiment.outcomes.allInnerTexts()
    expect(first).toContain('accepted as connection 1')
    expect(second).toContain('refused: EADDRNOTAVAIL')
    expect(second).toContain('the 4-tuple exists already')
    expect(await endpoints(page)).toEqual([`127.0.0.2:50002 127.0.0.1:${port}`])
    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  test('many clients at once: each has a row, and more than a thousand are refused in words', async () => {
    const { page, experiment } = await serve('Many clients at once')
    const count = experiment.card.getByRole('textbox', { name: 'Clients' })
    for (const text of ['10000', '0', 'many']) {
      await count.fill(text)
      await experiment.card.getByText('A number from 1 to 1,000').waitFor()
      expect(await experiment.card.getByRole('button', { name: 'Run' }).isEnabled()).toBe(false)
    }
    await count.fill('30')
    await experiment.runs()
    await experiment.card.getByText('30 accepted').waitFor()
    await expect.poll(() => page.liveCount.innerText()).toBe('30')
    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  for (const [title, ending] of [
    ['A client leaves with FIN', 'Closed by client · FIN'],
    ['A client leaves with RST', 'Reset by client'],
    // The echo has nothing left to answer, and closes too.
    ['A client closes only its side', 'Closed by client · FIN'],
  ] as const) {
    test(`${title.toLowerCase()}: ${ending}`, async () => {
      const { page, experiment } = await serve(title)
      // By then the client may have gone by itself.
      page.tolerated = /404/
      await experiment.runs()
      await experiment.outcomes.getByText(`and then: ${ending}`, { exact: false }).waitFor()
      await page.row(1).getByText(ending).waitFor()
      await experiment.cleanUp()
    })
  }

  test('a client that closes only its side stays half-closed where the server does not answer', async () => {
    const { page, experiment } = await serve('A client closes only its side', '--behavior=silent')
    await experiment.runs()
    await page.row(1).locator('[data-kernel=CLOSE_WAIT]').waitFor()
    expect(await page.row(1).getAttribute('data-state')).toBe('half-closed')
  })

  test('a client stops reading: bytes wait in the send queue, and the diagnosis says who has stopped', async () => {
    const { page, experiment } = await serve('A client stops reading')
    await experiment.runs()
    await experiment.card.getByText(/^4\.2\sMB sent to it$/).waitFor()
    await expect.poll(() => experiment.outcomes.innerText()).toMatch(/send queue/)
    await experiment.outcomes.getByRole('button', { name: 'accepted as connection 1' }).click()
    await page.panel.getByText('The client has stopped reading.').waitFor()
    await page.button('Experiments').click()
    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  test('to stop reading takes a server that answers, and the page says so', async () => {
    const { experiment } = await serve('A client stops reading', '--behavior=discard')
    await experiment.card.getByText('It takes a server that answers: echo or chargen.').waitFor()
    expect(await experiment.card.getByRole('button', { name: 'Run' }).isEnabled()).toBe(false)
  })

  test('the server stops accepting: three clients wait with their bytes; accept again: they are served', async () => {
    const { page, experiment } = await serve('The server stops accepting')
    await experiment.runs()
    await experiment.card.getByText('3 waiting').waitFor()
    const waiting = page.page.locator('[data-loose-socket=waiting]')
    await expect.poll(() => waiting.filter({ hasText: '6 B' }).count()).toBe(3)
    await page.card.getByText('3 of 511 waiting').first().waitFor()
    await page.button('Accept again').first().waitFor()
    expect(await page.rows.count()).toBe(0)

    await experiment.card.getByRole('button', { name: 'Accept again' }).click()
    await expect.poll(async () => (await experiment.ids()).toSorted()).toEqual([1, 2, 3])
    await page.row(3).waitFor()
    await waiting.first().waitFor({ state: 'detached' })
    await experiment.cleanUp()
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
    await page.button('Stop accepting').waitFor()
  })

  test('a server that may only be looked at says so, and opens no client', async () => {
    const { page, experiment } = await serve('A client leaves with FIN', '--read-only')
    page.tolerated = /403/
    await experiment.run()
    await experiment.card.getByText('--read-only').waitFor()
    expect(await page.liveCount.innerText()).toBe('0')
    expect(await experiment.card.getByText('As predicted', { exact: true }).count()).toBe(0)
  })
})
