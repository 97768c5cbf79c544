import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { copyAs } from '../../web/stream/copy.ts'
import { BytesPage } from '../support/bytes-page.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { HOSTILE } from '../support/hostile.ts'
import { readFile as readPcapng } from '../support/pcapng.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { startProcess } from '../support/server-process.ts'
import { netcat, Terminal } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { stager } from '../support/stage.ts'
import { en } from '../../web/text/en/catalogue.ts'

const nc = findProgram('nc')
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const CAPTURE = 65_536
const FIRST = 'hello\n'

describe.skipIf(isMissing(browserTool))(titleWith("a connection's bytes in its panel", browserTool), () => {
  const browser = new BrowserOfFile()

  describe('from a server that greets and echoes', () => {
    const shared = new SharedDashboard(browser, ['--closed-kept=1'])

    test.skipIf(isMissing(nc))(titleWith('what nc sends and gets is shown in text and in hex', nc), async () => {
      const { port, page } = shared
      const client = netcat('127.0.0.1', port)
      const [greeting] = await client.prints(/.*\n/)
      const bytes = await new BytesPage(page).open(shared.id(1))
      await expect.poll(async () => (await bytes.text('out')).replaceAll('\n', '')).toBe(`${greeting.trimEnd()}LF`)

      client.type('hello\tworld\n')
      await client.prints(/hello/)
      await bytes.head(3).waitFor()
      await expect.poll(() => bytes.head(2).innerText()).toMatch(/^\+[\d.]+\sm?s\s+Client → server\s+hello.*\s12\sB$/s)
      expect(await bytes.head(3).innerText()).toMatch(/^\+\d+\sms\s+Server → client\s+hello.*\s12\sB$/s)
      expect(await bytes.text('in')).toBe('hello→  worldLF')
      expect((await bytes.hexBytes('in')).toString()).toBe('hello\tworld\n')
      expect((await bytes.hexBytes('out')).toString()).toBe(`${greeting}hello\tworld\n`)
    })

    test('found from match to match, by keyboard, in both views', async () => {
      const { port, page } = shared
      const [client] = await connectInOrder(1, port)
      const lines = Array.from({ length: 400 }, (_, index) => `line ${index}${index % 100 === 7 ? ' Needle' : ''}\r\n`)
      const greeted = client?.received.length ?? 0
      client?.socket.write(lines.join(''))
      await client?.bytes(greeted + lines.join('').length)
      const bytes = await new BytesPage(page).open(shared.id(1))
      await page.page.keyboard.press('b')
      await bytes.root.waitFor({ state: 'detached' })
      await page.page.keyboard.press('b')
      await bytes.choose('in')
      await bytes.viewport.focus()
      await page.page.keyboard.press('Control+f')
      await page.page.keyboard.type('needle')
      const current = bytes.viewport.locator('.row', { has: page.page.locator('.current') })
      await expect.poll(() => bytes.found.innerText()).toBe('1 of 4')
      await expect.poll(() => current.innerText()).toBe('line 7 NeedleCRLF')
      await page.page.keyboard.press('Enter')
      await expect.poll(() => bytes.found.innerText()).toBe('2 of 4')
      await expect.poll(() => current.innerText()).toBe('line 107 NeedleCRLF')
      await page.page.keyboard.press('Shift+Enter')
      await page.page.keyboard.press('Shift+Enter')
      await expect.poll(() => bytes.found.innerText()).toBe('4 of 4')
      await expect.poll(() => current.innerText()).toBe('line 307 NeedleCRLF')
      await page.page.keyboard.press('Escape')
      await expect.poll(() => bytes.query.inputValue()).toBe('')
      await bytes.root.waitFor()

      await bytes.choose('hex')
      await bytes.query.fill('0d 0a')
      await expect.poll(() => bytes.found.innerText()).toBe('1 of 400')
      await bytes.query.fill('0d zz')
      await expect.poll(() => bytes.found.innerText()).toBe(en.stream.search.notHex)
    })

    test('says so when the server has forgotten the connection that the page still lists', async () => {
      const { port, page } = shared
      for (const [index, client] of (await connectInOrder(3, port)).entries()) {
        client.socket.end()
        await page
          .row(shared.id(index + 1))
          .getByText('Closed by client')
          .waitFor()
      }
      const bytes = await new BytesPage(page).open(shared.id(1))
      await bytes.empty.getByText('The server no longer keeps this connection').waitFor()
    })
  })

  describe('from a server that discards', () => {
    const shared = new SharedDashboard(browser, ['--no-greeting', '--behavior=discard', '--closed-kept=1'])

    test('chunks keep their boundaries, and a character may span two of them', async () => {
      const { port, page } = shared
      const client = await connectClient(port)
      const bytes = await new BytesPage(page).open(shared.id(1))
      for (const [index, part] of [Buffer.of(0x61, 0xe2, 0x82), Buffer.of(0xac), Buffer.of(0x62)].entries()) {
        client.socket.write(part)
        await bytes.head(index + 1).waitFor()
      }
      await expect.poll(() => bytes.text('in')).toBe('a€\n…\nb')
      expect(await bytes.hexBytes('in')).toEqual(Buffer.from('a€b'))
      await bytes.query.fill('82 ac 62')
      await expect.poll(() => bytes.found.innerText()).toBe('1 of 1')

      client.socket.write('GET /index.html HTTP/1.1\r\n\r\n')
      await bytes.head(4).getByText('HTTP GET /index.html').waitFor()
      await bytes.choose('text')
      await bytes.head(4).getByText('HTTP GET /index.html').waitFor()
      expect(await bytes.text('in')).toBe('a€\n…\nb\nGET /index.html HTTP/1.1CRLF\nCRLF')
    })

    test('bytes from strangers do nothing to the page, and are shown exactly as they were sent', async () => {
      const stage = stager()
      const { port, page } = shared
      const { page: tab } = page
      await tab.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const client = await connectClient(port)
      const bytes = await new BytesPage(page).open(shared.id(1))
      client.socket.write(FIRST)
      await bytes.head(1).waitFor()
      const requests: string[] = []
      const dialogs: string[] = []
      tab.on('request', (request) => {
        // A writing system new to the page may need another font file.
        if (!/\/assets\/[\w-]+\.woff2$/.test(request.url())) requests.push(request.url())
      })
      tab.on('dialog', (dialog) => {
        dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      const title = await tab.title()
      const [width, elements] = await tab.evaluate<[number, number]>(SIZE)

      stage('the hex view shows every byte')
      for (const payload of HOSTILE) client.socket.write(payload)
      const sent = Buffer.concat([FIRST, ...HOSTILE].map((payload) => Buffer.from(payload)))
      await expect.poll(() => bytes.hexBytes('in')).toEqual(sent)

      stage('the text view shows no control character')
      const text = await bytes.text('in')
      // Where its rows end depends on the panel's width.
      const unwrapped = text.replaceAll('\n', '')
      expect(unwrapped).toContain('<script>window.owned = 1</script>')
      expect(unwrapped).toContain('ESC[2JESC[31;1mredESC[0m')
      expect(unwrapped).toContain('<202E>gnp.exe<202C> <2066><2067><2069>')
      expect(unwrapped).toContain('<FF><FE><FF>NUL<C0><AF><ED><A0><80>')
      expect(text).not.toMatch(/[^\n\P{C}]/u)
      stage('search and copy')
      await bytes.query.fill('<script>')
      await expect.poll(() => bytes.found.innerText()).toBe('1 of 2')
      const copied = Buffer.from((await bytes.copy('in', 'hex')).replaceAll(/\s/g, ''), 'hex')
      expect(copied.equals(sent)).toBe(true)

      stage('nothing ran, loaded or grew')
      expect(await tab.evaluate('window.owned')).toBeUndefined()
      expect(
        await tab.evaluate(`document.querySelectorAll('[data-bytes] :is(script, img, iframe, a, link, base)').length`),
      ).toBe(0)
      expect(dialogs).toEqual([])
      expect(requests).toEqual([])
      expect(await tab.title()).toBe(title)
      const [widthNow, elementsNow] = await tab.evaluate<[number, number]>(SIZE)
      expect(widthNow).toBe(width)
      // Only visible rows are in the DOM.
      expect(elementsNow - elements).toBeLessThan(3000)
    })

    test('of a line of 1 MiB without a newline the newest 64 KiB are kept, and that is said', async () => {
      const { port, page } = shared
      await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const line = Buffer.from(
        Array.from({ length: 1024 * 1024 }, (_, index) => 33 + ((index * 7 + (index >> 8)) % 94)),
      )
      const client = await connectClient(port)
      const bytes = await new BytesPage(page).open(shared.id(1))
      client.socket.write(line)
      await expect
        .poll(() => bytes.dropped.innerText())
        .toMatch(/^Earlier bytes are no longer kept: 983\skB from the client\.$/)
      await bytes.scrollTo(0)
      await expect
        .poll(() => bytes.events())
        .toContainEqual(expect.stringMatching(/^983\skB from the client before this/))
      const kept = line.subarray(-CAPTURE)
      expect((await bytes.text('in')).replaceAll('\n', '')).toBe(kept.toString())
      const copied = Buffer.from((await bytes.copy('in', 'hex')).replaceAll(/\s/g, ''), 'hex')
      expect(copied.equals(kept)).toBe(true)
    })

    test('bytes, what was done by hand and why it ended are one timeline', async () => {
      const { port, url, page } = shared
      const client = await connectClient(port)
      client.socket.write('hello\n')
      const bytes = await new BytesPage(page).open(shared.id(1))
      await bytes.head(1).waitFor()
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ text: 'are you there?\n' })
      await fetch(`${url}/api/connections/${shared.id(1)}/send`, { method: 'POST', headers, body })
      await bytes.head(2).waitFor()
      client.socket.resetAndDestroy()
      const last = bytes.viewport.locator('[data-event=close]')
      await last.waitFor()
      const sequence = await page.page.evaluate<string[]>(SEQUENCE)
      expect(sequence).toEqual(['accept', 'chunk in', 'action', 'chunk out', 'close'])
      await expect.poll(() => last.innerText()).toMatch(/Reset by client · RST.*(kernel|no kernel data)/s)
      await bytes.choose('events')
      await expect.poll(async () => (await bytes.events()).length).toBe(3)
      await bytes.head(1).waitFor({ state: 'detached' })
    })

    test('while more comes the reader stays at the end, or where it was scrolled to', async () => {
      const { port, page } = shared
      const client = await connectClient(port)
      const bytes = await new BytesPage(page).open(shared.id(1))
      const seen = (text: string) => bytes.viewport.getByText(text, { exact: true })
      for (let index = 0; index < 100; index++) client.socket.write(`line ${index}\n`)
      await seen('line 99').waitFor()

      await bytes.scrollTo(0)
      await seen('line 0').waitFor()
      for (let index = 100; index < 200; index++) client.socket.write(`line ${index}\n`)
      const news = bytes.root.getByRole('button', { name: /new$/ })
      await expect.poll(() => news.innerText()).toMatch(/^\s*900\sB new$/)
      await seen('line 0').waitFor()
      // Bytes dropped above do not move the rows on screen.
      await bytes.scrollTo(1200)
      const top = () => bytes.textAtTop()
      await expect.poll(top).toContain('line')
      const before = await top()
      // 1,690 bytes have arrived so far.
      client.socket.write('x'.repeat(CAPTURE - 1690 + 100))
      await bytes.dropped.waitFor()
      await expect.poll(top).toBe(before)
      await news.click()
      await expect.poll(() => bytes.isAtEnd()).toBe(true)
      await news.waitFor({ state: 'detached' })
    })

    test('on a phone the bytes fit, 8 to a row', async () => {
      const page = await browser.open(shared.url, PHONE)
      const client = await connectClient(shared.port)
      client.socket.write(Buffer.alloc(100, 'W'))
      const bytes = await new BytesPage(page).open(shared.id(1))
      await bytes.choose('hex')
      await bytes.viewport.getByText('57 57').first().waitFor()
      expect((await bytes.rows('in', 'hex')).map(([offset]) => offset).slice(0, 3)).toEqual([0, 8, 16])
      const overflow = (selector: string) =>
        page.page.evaluate(`(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(${selector})`)
      expect(await overflow('document.documentElement')).toBe(0)
      expect(await overflow(`document.querySelector('[data-bytes] [role=log]')`)).toBe(0)
    })
  })

  test('the bytes of a closed connection are still there, and can be downloaded', async () => {
    const args = ['--port=0', '--ui-port=0', '--token=secret-of-the-test', '--no-greeting']
    const { port, url } = await startProcess({ args }).ready()
    const page = await browser.open(`${url}/#token=secret-of-the-test`)
    const client = (await connectClient(port)).read()
    const all = Buffer.from(Array.from({ length: 300 }, (_, index) => index & 0xff))
    client.socket.end(all)
    await client.ended
    const bytes = await new BytesPage(page).open(1)
    expect(await bytes.hexBytes('in')).toEqual(all)
    await bytes.root.getByRole('button', { name: 'Copy or save…' }).click()
    for (const direction of ['in', 'out']) {
      const coming = page.page.waitForEvent('download')
      await page.page.locator(`[data-download=${direction}]`).click()
      const download = await coming
      expect(download.suggestedFilename()).toBe(`connection-1-${direction}.bin`)
      expect(await readFile(await download.path())).toEqual(all)
    }
    const coming = page.page.waitForEvent('download')
    await page.page.getByRole('button', { name: 'Download pcapng' }).click()
    const download = await coming
    expect(download.suggestedFilename()).toBe('connection-1.pcapng')
    const { packets } = readPcapng(await readFile(await download.path()))
    expect(Buffer.concat(packets.map(({ data }) => data))).toEqual(Buffer.concat([all, all]))
  })

  test('says why there is nothing to see', async () => {
    const { port, page } = await browser.serve(['--capture-bytes=0', '--no-greeting'])
    const client = await connectClient(port)
    const bytes = await new BytesPage(page).open(1)
    await bytes.empty.getByText(en.stream.empty.quiet).waitFor()
    client.socket.write('hello')
    await bytes.empty.getByText(/^10\sB transferred, none kept$/).waitFor()
    await bytes.empty.getByText('--capture-bytes').waitFor()
  })

  test('shows nothing of another server’s connection that has the same number', async () => {
    const args = ['--no-greeting', '--behavior=discard']
    const { server, port, uiPort, page } = await browser.serve(args)
    page.tolerated = /ERR_|WebSocket connection to/
    const client = await connectClient(port)
    client.socket.write('before')
    const bytes = await new BytesPage(page).open(1)
    await expect.poll(() => bytes.text('in')).toBe('before')
    server.child.kill('SIGKILL')
    await server.exited
    await page.link('lost')
    await startProcess({ args: [`--port=${port}`, `--ui-port=${uiPort}`, ...args] }).ready()
    await page.link('live')
    await page.page.locator('[data-bytes]').waitFor({ state: 'detached' })
    const another = await connectClient(port)
    another.socket.write('after')
    const again = await new BytesPage(page).open(1)
    await expect.poll(() => again.text('in')).toBe('after')
  })
})

/** The events and the chunks on screen, from the top down. */
const SEQUENCE = `[...document.querySelectorAll('[data-bytes] :is([data-event], [data-chunk])')].map(
  ({ dataset }) => dataset.event ?? 'chunk ' + dataset.direction,
)`

const SIZE = `[document.querySelector('[data-bytes] [role=log]').scrollWidth, document.querySelectorAll('*').length]`

describe('a copied command', () => {
  const all = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff))
  const cases: [string, Buffer][] = [
    ['all bytes', all],
    ['what a shell or printf would take as theirs', Buffer.from(`-n 'a' "b" $HOME \`id\` \\n %s %% !! ~ \0 é\n\n`)],
    ['a number after an escape', Buffer.from('\0' + '123\x01' + '9')],
  ]
  const shells = ['sh', 'dash', 'bash', 'busybox'].flatMap((name) => (isMissing(findProgram(name)) ? [] : [name]))

  test.each(shells.flatMap((shell) => cases.map(([what, bytes]) => [shell, what, bytes] as const)))(
    'in %s sends exactly %s',
    async (shell, _, bytes) => {
      const command = copyAs('shell', bytes, 'od -An -v -tx1')
      const terminal = new Terminal(shell, ...(shell === 'busybox' ? ['sh'] : []), '-c', command)
      await terminal.exited
      expect(Buffer.from(terminal.output.replaceAll(/\s/g, ''), 'hex').equals(bytes)).toBe(true)
    },
  )

  test.skipIf(isMissing(nc))(titleWith('reaches the port through nc', nc), async () => {
    const { port } = await startProcess({ args: ['--port=0', '--ui-port=0', '--no-greeting'] }).ready()
    const terminal = new Terminal('sh', '-c', `${copyAs('shell', all, `nc -N 127.0.0.1 ${port}`)} | od -An -v -tx1`)
    await terminal.exited
    expect(Buffer.from(terminal.output.replaceAll(/\s/g, ''), 'hex').equals(all)).toBe(true)
  })
})
