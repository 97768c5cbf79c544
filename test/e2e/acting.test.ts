import { describe, expect, onTestFinished, test } from 'vitest'
import { ActingPage } from '../support/acting-page.ts'
import { faultsIn, RULES } from '../support/axe.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { type Client, connectClient, connectInOrder } from '../support/clients.ts'
import { KernelPage } from '../support/kernel-page.ts'
import { startProcess } from '../support/server-process.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { netcat } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { stager } from '../support/stage.ts'
import { en } from '../../web/text/en/catalogue.ts'

const nc = findProgram('nc')
const linux = process.platform === 'linux'

describe.skipIf(isMissing(browserTool))(titleWith('acting on connections in the browser', browserTool), () => {
  const browser = new BrowserOfFile()

  test('the events of one connection are saved as NDJSON, with the token', async () => {
    const args = ['--port=0', '--ui-port=0', '--token=open-sesame-please']
    const { port, url } = await startProcess({ args }).ready()
    const page = await browser.open(`${url}/#token=open-sesame-please`)
    const acting = new ActingPage(page)
    await connectInOrder(1, port)
    await page.row(1).click()
    await acting.box.fill('hi')
    await acting.box.press('Enter')
    await expect.poll(() => acting.events()).toHaveLength(1)
    const { name, text } = await acting.download(page.button('Download as NDJSON'))
    expect(name).toBe('oneport-1.ndjson')
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string })
    expect(events.map(({ kind }) => kind).toSorted()).toEqual(['accept', 'action', 'chunk', 'chunk'])
  })

  test('a read-only server says so, and nothing can be pressed', async () => {
    const { port, page } = await browser.serve(['--read-only', '--behavior=silent'])
    const acting = new ActingPage(page)
    await page.unfold()
    const greeting = page.card.getByRole('group', { name: 'Greeting' })
    expect(await greeting.getByRole('button', { name: 'English', pressed: true }).isDisabled()).toBe(true)
    expect(await greeting.getByRole('button', { name: 'Русский' }).isDisabled()).toBe(true)
    const [client] = await connectInOrder(1, port)
    client?.socket.end()
    await page.row(1).click()
    await acting.more()
    await expect.poll(() => acting.result.innerText()).toMatch(/read-only/)
    await page.panel.getByText(en.connection.fix.silent).waitFor()
    expect(await acting.fix('fin').count()).toBe(0)
    for (const control of [acting.box, acting.close('fin'), acting.close('reset'), acting.reading('stop')]) {
      expect(await control.isDisabled()).toBe(true)
    }
    await acting.pick(1).click()
    expect(await acting.bulk('send').isDisabled()).toBe(true)
    await expect.poll(() => acting.bulkResult.innerText()).toMatch(/read-only/)
    const { text } = await acting.export('picked', 'json')
    expect(JSON.parse(text)).toMatchObject([{ id: 1, state: 'half-closed' }])
  })

  describe('of a port without a greeting', () => {
    const shared = new SharedDashboard(browser, ['--no-greeting'])

    function shown() {
      const { port, page } = shared
      return { port, page, acting: new ActingPage(page) }
    }

    /** Clients whose connections have the next ids, in this order. */
    async function connectEach(count: number): Promise<Client[]> {
      const clients: Client[] = []
      while (clients.length < count) clients.push((await connectClient(shared.port)).read())
      return clients
    }

    test.skipIf(isMissing(nc) || !linux)(
      titleWith('find a connection, read its bytes, answer it, half-close it, close others, export them', nc),
      async () => {
        const stage = stager()
        const { port, page, acting } = shown()
        stage('a client sends a request')
        const client = netcat('-s', '127.0.0.2', '127.0.0.1', port)
        await page.row(shared.id(1)).waitFor()
        const others = await connectEach(3)
        client.type('GET / HTTP/1.1\n\n')
        await client.prints(/^GET \/ HTTP\/1.1$/m)

        stage('find the connection and read its bytes')
        await page.filter.fill('ip:127.0.0.2 protocol:http')
        await expect.poll(() => page.ids()).toEqual(shared.ids(1))
        await page.row(shared.id(1)).click()
        await page.panel.getByRole('tab', { name: 'Stream' }).click()
        const bytes = page.panel.getByRole('region', { name: en.stream.label })
        await bytes.getByRole('button', { name: 'Hex' }).click()
        await expect.poll(() => bytes.innerText()).toMatch(/47 45 54 20 2f 20 48 54\s[^]*54 50 2f 31 2e 31 0a/)

        stage('answer it')
        await acting.box.fill('HTTP/1.1 200 OK')
        await acting.box.press('Enter')
        await client.prints(/^HTTP\/1.1 200 OK$/m)
        await expect.poll(() => acting.result.innerText()).toMatch(/^Sent 16\sB\.$/)
        expect(await acting.box.inputValue()).toBe('')
        await expect.poll(() => bytes.innerText()).toMatch(/20 4f 4b 0a/)

        stage('half-close it')
        await acting.more()
        await acting.kernel('ESTABLISHED').waitFor()
        await acting.close('half').click()
        await acting.kernel('FIN_WAIT_2').waitFor()
        await new KernelPage(page).stateOf(shared.id(1)).and(page.page.locator('[data-kernel=FIN_WAIT_2]')).waitFor()
        await expect.poll(() => page.row(shared.id(1)).innerText()).toContain('FIN from server')
        expect(await acting.close('half').isDisabled()).toBe(true)
        expect(await acting.box.isDisabled()).toBe(true)
        await page.panel.getByRole('tab', { name: 'Facts' }).click()
        await expect
          .poll(() => acting.events())
          .toEqual([
            expect.stringMatching(/^Sent 16\sB by hand\s+Kernel afterwards: ESTABLISHED/),
            expect.stringMatching(/^Half-closed by hand: FIN sent\s+Kernel afterwards: FIN_WAIT_[12]/),
          ])
        await expect.poll(() => page.field(en.connection.record.fields.finSentAt).count()).toBe(1)
        client.endInput()
        await expect.poll(() => page.field('Ended').innerText()).toBe('Closed by server · FIN')

        stage('select and reset the others')
        await page.button('Close the panel').click()
        await page.filter.fill('')
        await acting.pick(shared.id(4)).click()
        await page.row(shared.id(2)).click({ modifiers: ['Shift'] })
        await expect.poll(() => acting.bar.innerText()).toContain('3 connections selected')
        await acting.bulk('reset').click()
        const question = acting.confirmation('Reset 3 connections?')
        await question.waitFor()
        await question.locator('[data-cancel]:focus').waitFor()
        await page.page.keyboard.press('Escape')
        await question.waitFor({ state: 'hidden' })
        await acting.bulk('reset').click()
        await question.getByRole('button', { name: 'Reset 3' }).click()
        expect(await Promise.all(others.map(({ ended }) => ended))).toEqual(Array(3).fill('ECONNRESET'))
        await expect.poll(() => acting.bulkResult.innerText()).toBe('Reset 3 connections.')
        await expect.poll(() => acting.bar.innerText()).toContain('3 closed')

        stage('export them')
        const { name, text } = await acting.export('picked', 'csv')
        expect(name).toMatch(new RegExp(`^oneport-${port}-\\d{8}-\\d{6}\\.csv$`))
        const [head, ...lines] = text.trimEnd().split('\r\n')
        const column = (line: string, name: string) => line.split(',')[head?.split(',').indexOf(name) ?? -1]
        expect(lines.map((line) => column(line, 'remotePort'))).toEqual(others.map(({ local }) => String(local.port)))
        expect(lines.map((line) => column(line, 'closedHow'))).toEqual(['reset', 'reset', 'reset'])
      },
    )

    test('hex is sent as its bytes, a line end as chosen, and what cannot be sent says why', async () => {
      const { port, page, acting } = shown()
      const client = (await connectClient(port)).read()
      /** The client may receive the bytes before the page gets the answer. */
      const answered = () => expect.poll(() => acting.box.inputValue()).toBe('')
      await page.row(shared.id(1)).click()
      await acting.more()
      await page.panel.getByLabel(en.act.send.lineEnd).selectOption('crlf')
      await acting.box.fill('a')
      await acting.box.press('Enter')
      expect((await client.bytes(3)).toString()).toBe('a\r\n')
      await answered()

      const form = page.panel.getByRole('form', { name: 'Send bytes to the client' })
      await form.getByRole('button', { name: 'Hex' }).click()
      await acting.box.fill('00 ff 0')
      await acting.box.press('Enter')
      await expect.poll(() => acting.result.innerText()).toContain(en.act.send.faults.odd)
      await acting.box.press('1')
      await acting.box.press('Enter')
      expect([...(await client.bytes(6)).subarray(3)]).toEqual([0, 255, 1])

      await answered()

      // Up shows the last text sent, down the text being typed.
      await acting.box.press('ArrowUp')
      expect(await acting.box.inputValue()).toBe('00 ff 01')
      await acting.box.press('ArrowUp')
      expect(await acting.box.inputValue()).toBe('a')
      expect(await form.getByRole('button', { name: 'Text' }).getAttribute('aria-pressed')).toBe('true')
      await acting.box.press('ArrowDown')
      await acting.box.press('ArrowDown')
      expect(await acting.box.inputValue()).toBe('')
    })

    test('what acts takes room from the bytes, and not the newest ones', async () => {
      const { port, page, acting } = shown()
      const client = (await connectClient(port)).read()
      client.socket.write('line\n'.repeat(200))
      await page.row(shared.id(1)).click()
      await page.panel.getByRole('tab', { name: 'Stream' }).click()
      const below = (): Promise<number> =>
        page.panel.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)
      const height = (): Promise<number> => page.panel.getByRole('log').evaluate((log) => log.clientHeight)
      await expect.poll(below).toBe(0)
      const before = await height()
      await acting.more()
      await expect.poll(height).toBeLessThan(before)
      await expect.poll(below).toBe(0)
    })

    test('a file is sent byte by byte, and one that is too large is refused before it is read', async () => {
      const { port, page, acting } = shown()
      const client = (await connectClient(port)).read()
      await page.row(shared.id(1)).click()
      await acting.more()
      const buffer = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 256))
      const input = page.panel.locator('input[type=file]')
      await input.setInputFiles({ name: 'all.bin', mimeType: 'application/octet-stream', buffer })
      expect((await client.bytes(buffer.length)).equals(buffer)).toBe(true)
      await input.setInputFiles({ name: 'big.bin', mimeType: 'text/plain', buffer: Buffer.alloc(800_000) })
      await expect
        .poll(() => acting.result.innerText())
        .toMatch(/^big\.bin is too large \(800\skB\)\. The limit is 786\skB\.$/)
      expect(client.received).toHaveLength(buffer.length)
    })

    test('a preset is kept over a reload, edited and used', async () => {
      const { port, page, acting } = shown()
      const client = (await connectClient(port)).read()
      await page.row(shared.id(1)).click()
      await acting.more()
      await acting.box.fill('PING')
      await page.button('Presets and history').click()
      const kept = page.page.getByRole('dialog', { name: 'Presets and history' })
      await kept.getByRole('textbox', { name: 'Name' }).fill('ping')
      await kept.getByRole('button', { name: en.act.kept.save }).click()
      await page.page.reload()
      await page.link('live')
      await acting.more()
      await page.button('Presets and history').click()
      await kept.getByRole('button', { name: 'Edit ping' }).click()
      await kept.getByRole('textbox', { name: 'Bytes to send' }).fill('PING 2')
      await kept.getByRole('button', { name: 'Save changes' }).click()
      await kept.locator('[data-preset=ping]').getByTitle(en.act.kept.use).click()
      await acting.box.press('Enter')
      expect((await client.bytes(7)).toString()).toBe('PING 2\n')
    })

    test.skipIf(!linux)('reading stops and the receive queue fills; it drains once reading resumes', async () => {
      const { port, page, acting } = shown()
      const client = await connectClient(port)
      await page.row(shared.id(1)).click()
      await acting.more()
      await acting.reading('stop').click()
      await expect.poll(() => page.row(shared.id(1)).innerText()).toContain('Server not reading')
      client.socket.write(Buffer.alloc(5_000))
      await page.panel.locator('[data-recv-queue="5000"]').waitFor()
      expect(await page.field('Bytes in').innerText()).toMatch(/^0\sB; 5\skB not read/)
      // Beside the diagnosis, which advises it.
      await acting.fix('resume-reading').click()
      await expect.poll(() => acting.result.innerText()).toBe(en.act.done['resume-reading'])
      await page.panel.locator('[data-recv-queue="0"]').waitFor()
      await expect.poll(() => page.field('Bytes in').innerText()).toMatch(/^5\skB/)
      await expect
        .poll(async () => (await acting.events()).map((text) => text.split('\n')[0]))
        .toEqual([en.act.events['pause-reading'], en.act.events['resume-reading']])
      await acting.reading('stop').click()
      await acting.reading('again').click()
      await acting.reading('stop').waitFor()
    })

    test('RST asks for a second press by keyboard, or for the button to be held', async () => {
      const { page, acting } = shown()
      const [first, second] = await connectEach(2)
      await page.row(shared.id(1)).click()
      await acting.more()
      await acting.close('reset').press('Enter')
      await expect.poll(() => acting.result.innerText()).toBe(en.act.close.again)
      await acting.close('reset').press('Tab')
      await expect.poll(() => acting.result.innerText()).toBe('')
      await acting.close('reset').press('Enter')
      await expect.poll(() => acting.result.innerText()).toBe(en.act.close.again)
      await acting.close('reset').press('Enter')
      expect(await first?.ended).toBe('ECONNRESET')

      await page.row(shared.id(2)).click()
      // A double click may be an accident.
      await acting.close('reset').dblclick()
      await expect.poll(() => acting.result.innerText()).toBe(en.act.close.again)
      await acting.box.fill('still here')
      await acting.box.press('Enter')
      await expect.poll(() => second?.received.toString()).toContain('still here')
      await acting.holdReset()
      expect(await second?.ended).toBe('ECONNRESET')
    })

    test('the port gets rules in its settings, and one connection another behavior', async () => {
      const { port, page, acting } = shown()
      const client = (await connectClient(port)).read()
      await page.row(shared.id(1)).waitFor()
      onTestFinished(async () => {
        const headers = { 'content-type': 'application/json' }
        const body = JSON.stringify({ behavior: 'echo' })
        expect((await fetch(`${shared.url}/api/listener/behavior`, { method: 'POST', headers, body })).status).toBe(200)
      })
      await page.button(en.ports.settings.open).click()
      const settings = page.page.getByRole('dialog', { name: en.ports.settings.heading(port) })
      await settings.getByRole('combobox', { name: 'Behavior' }).selectOption('scripted')
      await settings.getByRole('textbox', { name: en.ports.settings.when(1) }).fill('HELO\\n')
      await settings.getByRole('textbox', { name: en.ports.settings.answer(1) }).fill('\\q')
      await settings.getByRole('button', { name: en.ports.settings.apply }).click()
      await settings.getByText(en.ports.settings.misspelt(1)).waitFor()
      await settings.getByRole('textbox', { name: en.ports.settings.answer(1) }).fill('250 hi\\n')
      await settings.getByRole('button', { name: en.ports.settings.apply }).click()
      await settings.getByText(en.ports.settings.chosen('scripted')).waitFor()
      client.socket.write('HELO\n')
      expect(await client.line()).toBe('250 hi')
      expect(await faultsIn(page.page, RULES.all)).toEqual([])
      await page.page.keyboard.press('Escape')

      await page.row(shared.id(1)).click()
      await acting.more()
      await page.panel.getByRole('combobox', { name: en.act.behavior.label }).selectOption('echo')
      await expect.poll(() => acting.result.innerText()).toBe(en.act.behavior.chosen('echo'))
      await expect.poll(async () => (await acting.events())[0]).toContain(en.act.events.behavior('echo'))
      client.socket.write('HELO\n')
      expect((await client.bytes(12)).subarray(7).toString()).toBe('HELO\n')
    })
  })
})
