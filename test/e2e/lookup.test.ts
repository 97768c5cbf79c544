import { describe, expect, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectInOrder } from '../support/clients.ts'
import { LookupPage } from '../support/lookup-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

/** Below the kernel's ephemeral ports, so nothing else uses it. */
const FREE = { 'Remote IP': '127.0.0.9', 'Remote port': '23456', 'Local IP': '127.0.0.1' }
const FREE_ENDPOINT = '127.0.0.9:23456'

describe.skipIf(isMissing(browserTool))(titleWith('which socket gets this packet?', browserTool), () => {
  const browser = new BrowserOfFile()

  // Wide enough for the local endpoints beside the panel.
  const shared = new SharedDashboard(browser, ['--closed-kept=0'], { viewport: { width: 1920, height: 1080 } })

  test("filled from a row, it ends in that row's socket, and lights it up", async () => {
    const { port, page } = shared
    const form = new LookupPage(page)
    const [, client] = await connectInOrder(3, port)
    await page.row(shared.id(2)).click()
    await page.panel.getByRole('button', { name: 'Which socket gets its packets?' }).click()

    expect(await form.values()).toEqual(['127.0.0.1', String(client?.local.port), '127.0.0.1', String(port)])
    expect(await form.syn.isChecked()).toBe(false)
    await form.verdict('connected').waitFor()
    expect(await form.steps()).toEqual(['tuple true'])
    await page.page.locator(`.lit[data-connection-id="${shared.id(2)}"]`).waitFor()
    await form.side.getByText(en.lookup.tryNotSyn).waitFor()
    expect(await form.tryIt.isEnabled()).toBe(false)

    await form.side.getByRole('button', { name: `Show connection ${shared.id(2)}` }).click()
    await form.verdict('connected').waitFor()
    await page.page.locator(`.lit[data-connection-id="${shared.id(2)}"]`).waitFor()

    // Fill in another row's 4-tuple by keyboard.
    await page.row(shared.id(3)).click()
    await page.page.keyboard.press('l')
    await page.page.locator(`.lit[data-connection-id="${shared.id(3)}"]`).waitFor()
  })

  test('a SYN from a free port goes to the listening socket, and the trial comes out so; what is no SYN gets RST', async () => {
    const { port, page } = shared
    const form = new LookupPage(page)
    await form.open()
    expect((await form.values()).slice(2)).toEqual(['127.0.0.1', String(port)])
    await form.fill(FREE)
    await form.verdict('listening').waitFor()
    expect(await form.steps()).toEqual(['tuple false', 'address false', 'any true', 'syn true'])

    await form.syn.uncheck()
    await form.verdict('reset').waitFor()
    expect(await form.steps()).toEqual(['tuple false', 'address false', 'any true', 'syn false'])
    expect(await form.tryIt.isEnabled()).toBe(false)

    await form.syn.check()
    await form.verdict('listening').waitFor()
    await form.tryIt.click()
    await form.tried.getByText(en.lookup.asPredicted).waitFor()
    expect(await form.tried.innerText()).toContain(`The client was accepted as connection ${shared.id(1)}.`)
    await page.row(shared.id(1)).waitFor()
    expect((await page.row(shared.id(1)).innerText()).replaceAll('\n', '')).toContain(
      `${FREE_ENDPOINT}127.0.0.1:${port}`,
    )

    // Now the same packet belongs to a connected socket.
    await form.verdict('connected').waitFor()
    await page.page.locator(`.lit[data-connection-id="${shared.id(1)}"]`).waitFor()
    expect(await form.steps()).toEqual(['tuple true'])
    page.tolerated = /409/
    await form.tryIt.click()
    await form.tried.getByText(en.lookup.refused('EADDRNOTAVAIL')).waitFor()
    await form.tried.getByText(en.lookup.asPredicted).waitFor()
    expect(await page.rows.count()).toBe(1)

    await form.fill({ 'Remote port': '23457' })
    await form.verdict('listening').waitFor()
    await form.tryIt.click()
    await form.tried.getByRole('button', { name: 'Close this client' }).click()
    await form.tried.getByText(en.lookup.closed).waitFor()
    await page.row(shared.id(2)).getByText('Closed by client · FIN').waitFor()
  })

  test('reports invalid endpoints at their fields, and foreign addresses by the kernel’s refusal', async () => {
    const { page } = shared
    const form = new LookupPage(page)
    await form.open()
    await form.fill(FREE)
    await form.verdict('listening').waitFor()

    for (const [text, fault] of [
      ['localhost', en.lookup.faults.name],
      ['127.0.0.0/8', en.lookup.faults.range],
      ['127.0.0.999', en.lookup.faults.address],
      ['<b>', en.lookup.faults.address],
      ['::1', en.lookup.faults.family],
      ['', en.lookup.faults.empty],
    ] as const) {
      await form.field('Remote IP').fill(text)
      await form.field('Remote IP').blur()
      await expect.poll(() => form.fault('Remote IP')).toBe(fault)
      expect(await form.anyVerdict.count()).toBe(0)
    }
    await form.field('Remote IP').fill(FREE['Remote IP'])
    for (const text of ['0', '65536', '-1', '1-5', 'http']) {
      await form.field('Remote port').fill(text)
      await expect.poll(() => form.fault('Remote port')).toBe(en.lookup.faults.port)
      expect(await form.anyVerdict.count()).toBe(0)
    }
    await form.field('Remote port').fill(FREE['Remote port'])
    await form.verdict('listening').waitFor()
    expect(await form.fault('Remote port')).toBeNull()

    // A remote address of another machine can be looked up, but no client can be started there.
    page.tolerated = /409/
    await form.fill({ 'Remote IP': '192.0.2.7' })
    await form.verdict('listening').waitFor()
    await form.tryIt.click()
    await form.tried.getByText(en.lookup.refused('EADDRNOTAVAIL')).waitFor()
    expect(await form.tried.getAttribute('data-tried')).toBe('unknown')
  })
})
