import { describe, expect, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { connectClient, connectInOrder } from '../support/clients.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'
import { stager } from '../support/stage.ts'

/** Does to text nodes what Google Translate does in Chrome, now and whenever the page changes. */
const TRANSLATE = `{
  const translate = (node) => {
    if (node.nodeName === 'FONT') return
    if (node.nodeType !== Node.TEXT_NODE) return [...node.childNodes].forEach(translate)
    if (node.data.trim() === '' || !node.isConnected || node.parentElement.closest('[translate=no], font')) return
    const [outer, inner] = [document.createElement('font'), document.createElement('font')]
    inner.textContent = node.data.toUpperCase()
    outer.append(inner)
    node.replaceWith(outer)
  }
  new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records) [...addedNodes, ...(type === 'characterData' ? [target] : [])].forEach(translate)
  }).observe(document.body, { childList: true, subtree: true, characterData: true })
  translate(document.body)
}`

const GERMAN = { locale: 'de-DE' }

describe.skipIf(isMissing(browserTool))(titleWith('two languages', browserTool), () => {
  const browser = new BrowserOfFile()

  const lang = (page: DashboardPage) => page.page.locator('html').getAttribute('lang')

  /** The page's language buttons; the greeting has a language choice too. */
  const choice = (page: DashboardPage, name: string) =>
    page.page.locator('header').getByRole('button', { name, exact: true })

  async function sentence(page: DashboardPage): Promise<string> {
    return (await page.sentence.innerText()).replaceAll(/\s+/g, ' ')
  }

  /** The texts that change all the time, without the letters' case and without ages and rates, which each page counts by itself. */
  async function facts(page: DashboardPage): Promise<string[]> {
    const all = page.page.locator('h1, section:has([data-listener-state]), [data-connection-id]')
    const text = (await all.allInnerTexts()).join('\n').toUpperCase()
    return text.replaceAll(/\d+S\b|\S+ \w+\/S\b/g, '').split('\n')
  }

  test('a Russian browser gets Russian; switched to English and back, nothing of what was open is lost', async () => {
    const stage = stager()
    const { port, page } = await browser.serve([], { locale: 'ru-RU' })
    expect(await lang(page)).toBe('ru')
    await expect.poll(() => sentence(page)).toBe('1 слушающий сокет, 0 сокетов соединений, 1 порт')
    const clients = await connectInOrder(3, port)
    await expect.poll(() => sentence(page)).toBe('1 слушающий сокет, 3 сокета соединений, 1 порт')
    clients[0]?.socket.end()
    stage('open a filter, a selection and a panel')
    const filter = page.page.locator('input[type=search]')
    await filter.fill('сокет')
    await expect.poll(() => page.rows.count()).toBe(0)
    await filter.fill('127.0.0.1')
    await page.row(2).locator('[data-pick]').click()
    await page.row(3).click()
    await page.page.locator('[data-tab=bytes]').click()
    await page.page.locator('[data-bytes] [data-chunk]').first().waitFor()

    const open = async () => ({
      filter: await filter.inputValue(),
      picked: await page.page.locator('[data-picks]').getAttribute('data-picks'),
      rows: await page.rows.count(),
      tab: await page.page.locator('[role=tab][aria-selected=true]').getAttribute('data-tab'),
      side: await page.page.locator('[data-bytes]').getAttribute('data-bytes'),
      link: await page.page.locator('html').getAttribute('data-link'),
    })
    const before = await open()
    expect(before).toEqual({ filter: '127.0.0.1', picked: '1', rows: 3, tab: 'bytes', side: '3', link: 'live' })

    stage('switch to English')
    await choice(page, 'English').click()
    await expect.poll(() => sentence(page)).toBe('1 listening socket, 2 connected sockets, 1 port')
    expect(await lang(page)).toBe('en')
    await expect.poll(open).toEqual(before)

    stage('switch back to Russian')
    await choice(page, 'Русский').click()
    await expect.poll(() => sentence(page)).toBe('1 слушающий сокет, 2 сокета соединений, 1 порт')
    expect(await lang(page)).toBe('ru')
    await expect.poll(open).toEqual(before)

    stage('filter by words of the language on the page')
    await filter.fill('закрыл')
    await expect.poll(() => page.ids()).toEqual([1])
    await choice(page, 'English').click()
    await expect.poll(() => page.rows.count()).toBe(0)
    await filter.fill('closed by client')
    await expect.poll(() => page.ids()).toEqual([1])
  })

  describe('in a browser of a third one', () => {
    const shared = new SharedDashboard(browser, [], GERMAN)

    test('a page that the browser translates stays current', async () => {
      const { port, url, page } = shared
      await connectInOrder(2, port)
      await page.row(shared.id(2)).click()
      // Under the pointer the list would hold still.
      await page.pointAway()
      const other = await browser.open(`${url}/#c=${shared.id(2)}`, GERMAN)
      await other.panel
        .getByText(formatEndpoint({ address: '127.0.0.1', port }))
        .first()
        .waitFor()
      await page.page.evaluate(TRANSLATE)
      await expect.poll(() => sentence(page)).toBe('1 LISTENING SOCKET, 2 CONNECTED SOCKETS, 1 PORT')

      const [client] = await connectInOrder(1, port)
      client?.socket.end('twelve bytes')
      await page.row(shared.id(3)).getByText('CLOSED BY CLIENT').waitFor()
      await connectInOrder(10, port)
      await expect.poll(() => sentence(page)).toBe('1 LISTENING SOCKET, 12 CONNECTED SOCKETS, 1 PORT')
      await page.row(shared.id(13)).waitFor()
      const differing = async (): Promise<string[]> => {
        const [translated = [], plain = []] = await Promise.all([page, other].map(facts))
        return translated.filter((line, i) => line !== plain[i])
      }
      await expect.poll(differing).toEqual([])
      const age = page.row(shared.id(1)).locator('.age')
      const before = await age.innerText()
      await expect.poll(() => age.innerText()).not.toBe(before)
    })

    test('what was chosen outlives a reload; a browser of another language gets English', async () => {
      const { port, page } = shared
      await connectClient(port)
      expect(await lang(page)).toBe('en')
      await expect.poll(() => sentence(page)).toBe('1 listening socket, 1 connected socket, 1 port')
      await choice(page, 'Русский').click()
      await expect.poll(() => sentence(page)).toBe('1 слушающий сокет, 1 сокет соединения, 1 порт')
      await page.page.reload()
      await page.link('live')
      expect(await lang(page)).toBe('ru')
      await expect.poll(() => sentence(page)).toBe('1 слушающий сокет, 1 сокет соединения, 1 порт')
    })
  })
})
