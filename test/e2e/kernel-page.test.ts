import type { Locator } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { isMissing, titleWith } from '../tools.ts'

/** A refusal by the kernel is an answer of 409, which the browser reports as if it were a fault. */
const REFUSAL = /409 \(Conflict\)/

describe.skipIf(isMissing(browserTool))(titleWith('the kernel beside the server, in the browser', browserTool), () => {
  const browser = new BrowserOfFile()

  function experiment(page: DashboardPage, id: string): Locator {
    return page.page.locator(`[data-experiment=${id}]`)
  }

  async function run(page: DashboardPage, id: string): Promise<Locator> {
    const card = experiment(page, id)
    await card.locator('[data-run-button]').click()
    await card.locator('[data-as-predicted=yes]').waitFor()
    return card
  }

  async function cleanUp(page: DashboardPage, id: string): Promise<void> {
    await experiment(page, id).locator('[data-clean-up]').click()
    await page.page.locator(`[data-experiment=${id}][data-run=cleaned]`).waitFor()
  }

  function kernelOf(page: DashboardPage, id: number): Promise<string | null> {
    return page.row(id).locator('[data-kernel]').getAttribute('data-kernel')
  }

  async function fill(page: DashboardPage, fields: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await page.page.locator(`#lookup-${name}`).fill(value)
  }

  test('beside every row stands the TCP state, and both agree on every socket', async () => {
    const { port, page } = await browser.serve()
    const [first] = await connectInOrder(3, port)
    await expect.poll(() => page.page.locator('[data-agreement]').innerText()).toContain('agree on 3 of 3 sockets')
    expect(await kernelOf(page, 1)).toBe('ESTABLISHED')
    await page.filter.fill('kernel:established')
    await expect.poll(() => page.rows.count()).toBe(3)
    await page.filter.fill('kernel:none')
    await expect.poll(() => page.rows.count()).toBe(0)
    first?.socket.destroy()
    await expect.poll(() => page.ids()).toEqual([1])
  })

  test('three sockets, three inodes, three descriptors, one port: the panel’s proof', async () => {
    const { port, page } = await browser.serve()
    await connectInOrder(2, port)
    await page.row(2).click()
    await page.panel.getByText('3 sockets, 3 inodes, 3 descriptors, 1 port').waitFor()
    const inodes = await page.panel.locator('tbody td:nth-child(2)').allInnerTexts()
    expect(new Set(inodes).size).toBe(3)
    await page.panel.locator('[data-phase=SYN_RECV][data-seen=false]').waitFor()
    await page.panel.locator('[data-phase=ESTABLISHED][data-seen=true]').waitFor()
    await page.panel.locator('[data-diagnosis=healthy]').waitFor()
  })

  test('what is in TIME_WAIT is counted down, with who closed first', async () => {
    const { port, page } = await browser.serve(['--idle-timeout=1'])
    const client = (await connectClient(port)).read()
    client.socket.on('end', () => client.socket.end())
    await page.row(1).getByText('Idle timeout').waitFor()
    await page.page.locator('[data-agreement]').click()
    const waiting = page.page.locator('[data-difference=time-wait] li')
    await expect.poll(() => waiting.innerText()).toMatch(/the server closed first · ends in \d+s/)
    await expect.poll(() => kernelOf(page, 1)).toBe('TIME_WAIT')
  })

  test('the lookup: a row’s packet, a SYN that is tried, and the same one again', async () => {
    const { port, page } = await browser.serve()
    page.tolerated = REFUSAL
    await connectInOrder(2, port)
    await page.row(1).click()
    await page.page.keyboard.press('l')
    const side = page.page.locator('[data-side=lookup]')
    await side.locator('[data-verdict=connected]').waitFor()
    await page.page.locator('[data-connection-id="1"].lit').waitFor()

    await side.getByRole('checkbox').check()
    await fill(page, { remoteAddress: '127.0.0.9', remotePort: '45000', localAddress: '127.0.0.1' })
    await side.locator('[data-verdict=listening]').waitFor()
    expect(await side.locator('[data-step]').evaluateAll((steps) => steps.map((step) => step.dataset['step']))).toEqual(
      ['tuple', 'address', 'any', 'syn'],
    )
    await side.locator('[data-try]').click()
    await side.locator('[data-tried=as-predicted]').getByText('accepted as connection 3').waitFor()
    await page.page.locator('[data-connection-id="3"].lit').waitFor()

    // Now that it is connected, the prediction is another one.
    await side.locator('[data-verdict=connected]').waitFor()
    await side.locator('[data-try]').click()
    await side.locator('[data-tried=as-predicted]').getByText('EADDRNOTAVAIL').first().waitFor()
  })

  test('names, ranges and junk are told at their field', async () => {
    const { page } = await browser.serve()
    await page.page.locator('button[aria-label="Which socket gets this packet?"]').click()
    await fill(page, { remoteAddress: 'localhost', remotePort: '50000-50010', localAddress: '10.0.0.0/8' })
    const fault = (name: string) => page.page.locator(`#lookup-${name}-fault`).innerText()
    expect(await fault('remoteAddress')).toContain('not a name')
    expect(await fault('remotePort')).toContain('1 to 65535')
    expect(await fault('localAddress')).toContain('not a range')
    expect(await page.page.locator('[data-verdict]').count()).toBe(0)
  })

  test('experiments with the 4-tuple come out as predicted, and clean up after themselves', async () => {
    const { page } = await browser.serve()
    page.tolerated = REFUSAL
    await page.button('Experiments').click()
    for (const id of ['same-port', 'two-servers']) {
      expect(await (await run(page, id)).locator('[data-fate=accepted]').count()).toBe(2)
      await cleanUp(page, id)
    }
    const twice = await run(page, 'same-tuple')
    expect(await twice.locator('[data-fate=refused]').innerText()).toContain('EADDRNOTAVAIL')
    await cleanUp(page, 'same-tuple')
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  test('a burst of clients, and a number that is too large', async () => {
    const { page } = await browser.serve()
    await page.button('Experiments').click()
    const burst = experiment(page, 'burst')
    await burst.getByRole('textbox').fill('10000')
    await burst.getByText('A number from 1 to 1,000').waitFor()
    expect(await burst.locator('[data-run-button]').isDisabled()).toBe(true)
    await burst.getByRole('textbox').fill('50')
    await run(page, 'burst')
    await expect.poll(() => page.liveCount.innerText()).toBe('50')
    await cleanUp(page, 'burst')
    await expect.poll(() => page.liveCount.innerText()).toBe('0')
  })

  test('clients that leave by FIN, by RST and by half, and one that stops reading', async () => {
    const { page } = await browser.serve()
    await page.button('Experiments').click()
    expect(await (await run(page, 'fin')).innerText()).toContain('Closed by client · FIN')
    expect(await (await run(page, 'reset')).innerText()).toContain('Reset by client · RST')
    await run(page, 'half')
    const reading = await run(page, 'stop-reading')
    await reading.getByRole('button', { name: /accepted as connection/ }).click()
    await page.panel.locator('[data-diagnosis=peer-not-reading]').getByText('wait in the send queue').waitFor()
  })

  test('the server stops accepting: clients wait in the kernel’s queue and are served after', async () => {
    const { page } = await browser.serve()
    await page.button('Experiments').click()
    const card = await run(page, 'stop-accepting')
    expect(await card.locator('[data-fate=waiting]').count()).toBe(3)
    const rows = page.page.locator('[data-loose-socket=waiting]')
    await expect.poll(() => rows.allInnerTexts()).toHaveLength(3)
    await expect.poll(() => rows.first().innerText()).toMatch(/no descriptor, 6\sB already received/)
    await expect.poll(() => page.page.locator('[data-accept-queue]').getAttribute('data-accept-queue')).toBe('3')
    await page.page.locator('[data-agreement]').click()
    await expect.poll(() => page.page.locator('[data-difference=waiting] li').count()).toBe(3)

    await page.page.locator('[data-accept-switch]').getByText('Accept again').click()
    await expect.poll(() => page.liveCount.innerText()).toBe('3')
    await expect.poll(() => rows.count()).toBe(0)
    await page.card.locator('[data-listener-state=accepting]').waitFor()
  })

  test('with --read-only the switch and the experiments say why they do nothing', async () => {
    const { page } = await browser.serve(['--read-only'])
    page.tolerated = /403 \(Forbidden\)/
    await page.page.locator('[data-accept-switch]').click()
    await page.card.getByText('--read-only').waitFor()
    await page.button('Experiments').click()
    await experiment(page, 'fin').locator('[data-run-button]').click()
    await experiment(page, 'fin').locator('[data-failure=READ_ONLY]').waitFor()
  })
})
