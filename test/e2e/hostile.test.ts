import { describe, expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../shared/connection.ts'
import type { Listener } from '../../shared/stream.ts'
import { getJson } from '../support/app.ts'
import { connectClient } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'

const MARKUP = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'"><h1>owned</h1>\n`

describe.skipIf(isMissing(browserTool))(titleWith('bytes from strangers', browserTool), () => {
  const browser = new BrowserOfFile()
  const shared = new SharedDashboard(browser)

  test('markup sent to the port is echoed to its sender and appears nowhere else', async () => {
    const { port, uiPort, page } = shared
    const client = (await connectClient(port)).read()
    const greeting = await client.line()
    client.socket.write(MARKUP)
    await client.bytes(greeting.length + 1 + MARKUP.length)
    expect(client.received.toString().endsWith(MARKUP)).toBe(true)
    await page.row(shared.id(1)).click()
    await expect.poll(() => page.field('Bytes in').innerText()).toMatch(new RegExp(`^${MARKUP.length}\\sB$`))

    expect(await page.page.content()).not.toContain('owned')
    expect(await page.page.title()).toBe(`(1) oneport :${port}`)
    const answer = await getJson<Connection>({ uiPort }, `/api/connections/${shared.id(1)}`)
    expect(JSON.stringify(answer.body)).not.toContain('owned')
  })

  test("a foreign page's request to the port is one more connection, and its script does not run", async () => {
    const { port, page } = shared
    const foreign = await page.page.context().newPage()
    onTestFinished(() => foreign.close())
    await foreign.setContent(
      `<form method="post" enctype="text/plain" action="http://127.0.0.1:${port}/"><input name="<script>owned</script>"></form>`,
    )
    await foreign.evaluate('document.forms[0].submit()')
    await page.row(shared.id(1)).waitFor()
    await expect.poll(() => page.row(shared.id(1)).innerText()).toMatch(/\s\d{3}\sB\s/)
    expect(await page.page.content()).not.toContain('owned')
  })

  test('were there markup on the page after all, its script would not run and no request would leave', async () => {
    const { port, uiPort, page } = shared
    const elsewhere = `http://127.0.0.1:${port}/`
    page.tolerated = new RegExp(`CSP|Content Security Policy|${elsewhere}`)
    await page.page.evaluate(
      `document.body.append(document.createRange().createContextualFragment(
        '<script>document.title = "owned"</script><img src="${elsewhere}">'))`,
    )
    await expect.poll(() => page.complaints).toContain('CSP: script-src-elem inline')
    await expect.poll(() => page.complaints).toContain(`CSP: img-src ${elsewhere}`)
    expect(await page.page.title()).not.toContain('owned')
    const { body } = await getJson<Listener>({ uiPort }, '/api/listener')
    expect(body.counters.accepted).toBe(shared.id(0))
  })
})
