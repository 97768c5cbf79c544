import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { ExperimentPage } from '../support/experiments-page.ts'
import { KernelPage } from '../support/kernel-page.ts'
import { LookupPage } from '../support/lookup-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { ssTable } from '../support/ss.ts'
import { netcat } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const NC = findProgram('nc')
const SS = findProgram('ss')

async function post(url: string, path: string, body: object = {}): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const { ok } = await fetch(`${url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(ok).toBe(true)
}

describe.skipIf(isMissing(browserTool))(titleWith('the kernel as witness, on the page', browserTool), () => {
  const browser = new BrowserOfFile()

  describe('with an echo server', () => {
    const shared = new SharedDashboard(browser, ['--backlog=7', '--closed-kept=0'])

    const resume = () => post(shared.url, 'listener/resume')

    test('the standing line agrees on three of three sockets, and opens to say that nothing differs', async () => {
      const { port, page } = shared
      const kernel = new KernelPage(page)
      await connectInOrder(3, port)
      await kernel.agreement.getByText('Server and kernel agree on 3 of 3 sockets').waitFor()
      for (const id of shared.ids(1, 2, 3)) {
        await expect.poll(() => kernel.stateOf(id).getAttribute('data-kernel')).toBe('ESTABLISHED')
      }

      await kernel.agreement.click()
      await kernel.side.getByText(en.kernel.nothing).waitFor()
      expect(await kernel.side.getByRole('definition').allInnerTexts()).toEqual(['3', '0', '0'])
      expect(await kernel.agreement.getAttribute('aria-pressed')).toBe('true')
      await page.button('Close the panel').click()
      await kernel.side.waitFor({ state: 'detached' })

      await page.filter.fill('kernel:none')
      await expect.poll(() => page.rows.count()).toBe(0)
      await page.filter.fill('kernel:established')
      await expect.poll(() => page.rows.count()).toBe(3)
    })

    test.skipIf(isMissing(NC))(
      titleWith('a client that has closed its side stands in CLOSE_WAIT, and the panel says whose turn it is', NC),
      async () => {
        const { port, page } = shared
        const kernel = new KernelPage(page)
        const client = netcat('-N', '127.0.0.1', port)
        await page.row(shared.id(1)).waitFor()
        const path = `connections/${shared.id(1)}`
        await post(shared.url, `${path}/behavior`, { behavior: 'silent' })
        // A server that doesn't answer the FIN would keep the connection.
        onTestFinished(() => post(shared.url, `${path}/close`, { how: 'fin' }))
        client.endInput()
        await expect.poll(() => kernel.stateOf(shared.id(1)).getAttribute('data-kernel')).toBe('CLOSE_WAIT')
        expect(await page.row(shared.id(1)).getAttribute('data-state')).toBe('half-closed')

        await page.row(shared.id(1)).click()
        await kernel.diagnoses.getByText(en.connection.diagnosis['not-closed']).waitFor()
        expect(await kernel.diagnoses.innerText()).toMatch(/CLOSE_WAIT for \d/)
        expect(await page.field('TCP state').innerText()).toBe('CLOSE_WAIT')
        expect(await kernel.phase('CLOSE_WAIT').getAttribute('data-seen')).toBe('true')
        // Both ends: the client's own socket, and the program that holds it.
        expect([await kernel.end('client').innerText(), await kernel.end('server').innerText()]).toEqual([
          'FIN_WAIT_2',
          'CLOSE_WAIT',
        ])
        await expect.poll(async () => (await kernel.bothEnds())[1]?.[1]).toMatch(/^nc \(pid \d+, \S+\)$/)
        expect((await kernel.bothEnds())[0]).toEqual(['TCP state', 'FIN_WAIT_2', 'CLOSE_WAIT'])
      },
    )

    test('stop accepting: a newcomer waits in the queue with its bytes; accept again: it is served', async () => {
      const { port, page } = shared
      const kernel = new KernelPage(page)
      const before = (await connectInOrder(1, port))[0]
      await page.row(shared.id(1)).waitFor()
      onTestFinished(resume)
      await page.button('Stop accepting').click()
      const held = page.page.locator('[data-notice=held]')
      await held.getByText(en.app.notices.heldByLease(15)).waitFor()
      await held.getByRole('button', { name: en.app.notices.resume }).click()
      await held.waitFor({ state: 'hidden' })
      await page.button('Stop accepting').click()
      await held.waitFor()

      const client = (await connectClient(port)).read()
      client.socket.write('hello')
      await kernel.waiting.getByText('5 B').first().waitFor()
      expect((await kernel.waiting.innerText()).replaceAll('\n', '')).toMatch(
        new RegExp(`${formatEndpoint(client.local)}127\\.0\\.0\\.1:${port}In the accept queue\\s*ESTABLISHED`),
      )
      await expect.poll(() => kernel.gauge.innerText()).toBe('1 of 7 waiting')
      expect(await page.rows.count()).toBe(1)

      await kernel.agreement.click()
      await expect
        .poll(() => kernel.difference('waiting').innerText())
        .toMatch(/ESTABLISHED · no descriptor · inode 0 · 5\sB already received/)
      const soFar = before?.received.length ?? 0
      before?.socket.write('still here')
      expect((await before?.bytes(soFar + 10))?.subarray(soFar).toString()).toBe('still here')
      expect(client.received).toHaveLength(0)

      await page.button(en.ports.queue.again).click()
      await held.waitFor({ state: 'hidden' })
      await kernel.said.getByText(en.ports.queue.resumedServed(1, '1')).waitFor()
      expect(await client.line()).toContain(`You are ${formatEndpoint(client.local)}`)
      await page.row(shared.id(2)).waitFor()
      await kernel.waiting.waitFor({ state: 'detached' })
      await expect.poll(() => kernel.gauge.innerText()).toBe('0 of 7 waiting')
      await kernel.agreement.getByText('Server and kernel agree on 2 of 2 sockets').waitFor()
    })

    test('while the list is held, a client in the accept queue is announced above it and moves no row', async () => {
      const { port, url, page } = shared
      const kernel = new KernelPage(page)
      await connectInOrder(2, port)
      await kernel.agreement.getByText('agree on 2 of 2 sockets').waitFor()
      await expect.poll(() => kernel.waiting.count()).toBe(0)
      onTestFinished(resume)
      await post(url, 'listener/pause')
      await page.page.locator('[data-notice=held]').waitFor()
      await page.row(shared.id(2)).hover()
      const before = await page.row(shared.id(2)).boundingBox()
      await connectClient(port)

      await page.waiting.getByText(en.list.toolbar.waitingUnmatched('1')).waitFor()
      expect(await page.row(shared.id(2)).boundingBox()).toEqual(before)
      expect(await kernel.waiting.count()).toBe(0)
      await page.waiting.click()
      await kernel.waiting.waitFor()

      await resume()
      await expect.poll(() => page.liveCount.innerText()).toBe('3')
    })

    test.skipIf(isMissing(SS))(
      titleWith('the panel proves it: three sockets with the inodes that ss prints, three descriptors, one port', SS),
      async () => {
        const { port, page } = shared
        const kernel = new KernelPage(page)
        const [first, second] = await connectInOrder(2, port)
        if (first === undefined || second === undefined) throw new Error('no clients')
        await page.row(shared.id(2)).click()
        await page.panel.getByText('3 sockets, 3 inodes, 3 descriptors, 1 port').waitFor()

        const proof = await kernel.proof()
        expect(proof.map(([name]) => name)).toEqual(['listening', 'this one', `connection ${shared.id(1)}`])
        expect(proof.every(([, , , local]) => local?.replaceAll('\n', '').endsWith(`:${port}`))).toBe(true)
        expect(new Set(proof.map(([, inode]) => inode)).size).toBe(3)
        expect(new Set(proof.map(([, , fd]) => fd)).size).toBe(3)
        const inodeOf = async (client: typeof first): Promise<string | undefined> =>
          (await ssTable(port))
            .find((line) => line.startsWith(`${formatEndpoint(client.local)} `))
            ?.split(' ')
            .at(-1)
        expect(proof[1]?.[1]).toBe(await inodeOf(second))
        expect(proof[2]?.[1]).toBe(await inodeOf(first))

        expect(await page.field('TCP state').innerText()).toBe('ESTABLISHED')
        expect(await page.field('Inode').innerText()).toBe(proof[1]?.[1])
        expect(await page.field(en.connection.kernel.fields.rttMs).innerText()).toMatch(/s$/)
        expect(await page.field('Retransmitted').innerText()).toBe('0 segments')
        expect(await kernel.phase('SYN_RECV').getAttribute('data-seen')).toBe('false')
        expect(await kernel.phase('ESTABLISHED').getAttribute('data-seen')).toBe('true')
      },
    )
  })

  test('a connection the server closed first is listed in TIME_WAIT, with a countdown', async () => {
    const { port, url, page } = await browser.serve()
    const kernel = new KernelPage(page)
    const client = (await connectClient(port)).read()
    await client.line()
    await post(url, 'connections/1/close', { how: 'fin' })
    expect(await client.ended).toBe('fin')
    client.socket.end()

    await kernel.agreement.getByText('Server and kernel agree on 0 of 0 open sockets').waitFor()
    await kernel.agreement.getByText('1 in TIME_WAIT').waitFor()
    expect(await kernel.agreement.getAttribute('data-agreement')).toBe('same')
    await kernel.agreement.click()
    const told = kernel.difference('time-wait')
    const left = async (): Promise<number> => {
      const [, minutes = 0, seconds] = /ends in (?:(\d+)m\s)?(\d+)s$/m.exec(await told.innerText()) ?? []
      return Number(minutes) * 60 + Number(seconds)
    }
    await kernel.side.getByText('The server closed first').waitFor()
    expect((await told.innerText()).replaceAll('\n', '')).toContain(
      `${formatEndpoint(client.local)} → 127.0.0.1:${port}`,
    )
    const first = await left()
    expect(first).toBeGreaterThan(30)
    expect(first).toBeLessThanOrEqual(60)
    await expect.poll(left).toBeLessThan(first)

    await told.getByRole('button', { name: 'connection 1' }).click()
    await expect.poll(() => kernel.phase('TIME_WAIT').innerText()).toMatch(/ends in (1m\s)?\d+s/)
    expect(await page.field('Inode').innerText()).toBe(en.connection.kernel.noInode)
  })

  test('a server that may only be looked at says so beforehand: nothing on the page asks it to write', async () => {
    const { port, page } = await browser.serve(['--read-only'])
    await page.page.getByText('Read-only').waitFor()
    expect(await page.button('Stop accepting').count()).toBe(0)

    const lookup = new LookupPage(page)
    await lookup.open()
    await lookup.fill({ 'Remote IP': '127.0.0.9', 'Remote port': '23456', 'Local IP': '127.0.0.1' })
    await lookup.verdict('listening').waitFor()
    expect(await lookup.tryIt.isEnabled()).toBe(false)
    await lookup.side.getByText('read-only').waitFor()

    await page.button('Experiments').click()
    const experiment = new ExperimentPage(page, en.experiments.list.fin[0])
    expect(await experiment.button.isEnabled()).toBe(false)
    await page.page.getByText(en.experiments.readOnly).waitFor()
    expect(await page.button('Close all built-in clients').count()).toBe(0)

    // The server still serves, and this client is its only one.
    await connectInOrder(1, port)
    await page.row(1).waitFor()
    expect(await page.liveCount.innerText()).toBe('1')
  })
})
