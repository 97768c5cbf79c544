import { describe, expect, test } from 'vitest'
import type { Language } from '../../shared/language.ts'
import { faultsIn } from '../support/axe.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { startProcess } from '../support/server-process.ts'
import { EMPTY, FEW, LOST, MANY, NO_TOKEN, READ_ONLY, STOPPED, type View } from '../support/views.ts'
import { isMissing, titleWith } from '../tools.ts'

describe.skipIf(isMissing(browserTool))(titleWith('what axe finds in each view', browserTool), () => {
  const browser = new BrowserOfFile()

  // A theme decides of colours and a language of words, never one of the other's: two runs of all rules find what four would.
  const PAGES: { locale: Language; colorScheme: 'light' | 'dark' }[] = [
    { locale: 'en', colorScheme: 'light' },
    { locale: 'ru', colorScheme: 'dark' },
  ]

  /** At rest: what fades in has no contrast yet. */
  function openEach(url: string): Promise<DashboardPage[]> {
    return Promise.all(PAGES.map((options) => browser.open(url, { ...options, reducedMotion: 'reduce' })))
  }

  async function faultsOf(views: View[], url: string, pages: DashboardPage[]): Promise<string[]> {
    const found: string[] = []
    for (const { name, at, open } of views) {
      await Promise.all(
        pages.map(async ({ page }, index) => {
          if (at !== null) {
            // Another fragment alone would not load the page anew.
            await page.goto('about:blank')
            await page.goto(new URL(at ?? '', url).href)
          }
          await open?.(page)
          const faults = await faultsIn(page)
          found.push(...faults.map((fault) => `${name}, ${Object.values(PAGES[index] ?? {}).join(', ')}: ${fault}`))
        }),
      )
    }
    return found
  }

  test('nothing, with nobody connected, with three, with hundreds, while clients wait, and when the link is lost', async () => {
    const server = startProcess({ args: ['--port=0', '--ui-port=0'] })
    const { port, url } = await server.ready()
    const pages = await openEach(url)
    const found = await faultsOf(EMPTY, url, pages)

    const [first] = await connectInOrder(3, port)
    first?.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    found.push(...(await faultsOf(FEW, url, pages)))

    await connectClients(300, port)
    found.push(...(await faultsOf(MANY, url, pages)))

    await fetch(new URL('/api/listener/pause', url), { method: 'POST' })
    await connectClient(port)
    found.push(...(await faultsOf(STOPPED, url, pages)))

    for (const page of pages) page.tolerated = /ERR_/
    server.child.kill()
    found.push(...(await faultsOf(LOST, url, pages)))
    expect(found).toEqual([])
  }, 180_000)

  test('nothing on a read-only server, and where it is given no token', async () => {
    const args = ['--port=0', '--ui-port=0', '--read-only', '--token=open-sesame']
    const { port, url } = await startProcess({ args }).ready()
    await connectInOrder(3, port)
    const pages = await openEach(`${url}/#token=open-sesame`)
    for (const page of pages) page.tolerated = /401|Authentication/
    expect(await faultsOf([...READ_ONLY, ...NO_TOKEN], url, pages)).toEqual([])
  })
})
