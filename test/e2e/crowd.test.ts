import { describe, expect, test } from 'vitest'
import { connectClients } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { isMissing, longTime, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const CROWD = 5_000
const BATCH = 250

describe.skipIf(isMissing(browserTool, longTime))(titleWith('a crowd in the browser', browserTool, longTime), () => {
  const browser = new BrowserOfFile()

  test('5,000 connections: all counted, only those on screen drawn, the last one reached', async () => {
    const { port, url, page } = await browser.serve(['--no-greeting'])
    // Fewer at a time than the accept queue holds: otherwise SYNs are dropped and retransmitted after a second.
    for (let n = 0; n < CROWD; n += BATCH) await connectClients(BATCH, port)

    await expect.poll(() => page.liveCount.innerText()).toBe(String(CROWD))
    await expect.poll(() => page.page.title()).toBe(`(5,000) oneport :${port}`)
    await page.row(CROWD).waitFor()
    expect(await page.rows.count()).toBeLessThan(100)
    expect(await page.list.getAttribute('aria-rowcount')).toBe(String(CROWD + 1))

    await page.wheel(page.row(CROWD), CROWD * 100)
    await page.row(1).waitFor()
    expect((await page.ids()).at(-1)).toBe(1)
    expect(await page.rows.count()).toBeLessThan(100)

    // A dashboard opened later gets all of them in its snapshot.
    const late = await browser.open(url)
    expect(await late.liveCount.innerText()).toBe(String(CROWD))
    await late.filter.fill('port:1')
    await late.page.getByText(en.list.noMatch.heading).waitFor()
  })
})
