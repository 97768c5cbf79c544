import { describe, expect, onTestFinished, test } from 'vitest'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients } from '../support/clients.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'

/** Runs in the page: records what a screen reader would announce, whenever the text of a live region changes. */
const LISTEN = `(() => {
  const REGIONS = '[role=status], [role=alert], [role=log], [aria-live]'
  globalThis.told = []
  const before = new WeakMap()
  for (const region of document.querySelectorAll(REGIONS)) before.set(region, region.textContent)
  new MutationObserver((mutations) => {
    for (const { target } of mutations) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(REGIONS)
      if (!region || region.getAttribute('aria-live') === 'off') continue
      const text = region.textContent.trim()
      if (text === (before.get(region) ?? '').trim()) continue
      before.set(region, text)
      if (text !== '') told.push(text)
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
})()`

describe.skipIf(isMissing(browserTool))(titleWith('reading the page in other ways', browserTool), () => {
  const shared = new SharedDashboard(new BrowserOfFile(), ['--no-greeting'])

  test('during a thousand changes a second, a screen reader announces only the user’s own actions', async () => {
    const { port, page } = shared
    const writers = await connectClients(20, port)
    for (const client of writers) client.read()
    await expect.poll(() => page.liveCount.innerText()).toBe('20')

    /** Makes thousands of changes: twenty connections send fifty times a second, and others open and close. */
    async function flood(thousands: number) {
      for (let turn = 0; turn < thousands * 50; turn++) {
        for (const { socket } of writers) socket.write('x')
        if (turn % 5 === 0) {
          // One that only connects and leaves, again and again, would be a problem.
          const { socket } = await connectClient(port)
          socket.once('data', () => socket.end()).write('x')
        }
        await new Promise((done) => setTimeout(done, 15))
      }
    }
    async function told(): Promise<string[]> {
      const heard = await page.page.evaluate<string[]>('told')
      await page.page.evaluate('void (told.length = 0)')
      return heard
    }

    await page.page.evaluate(LISTEN)
    await flood(2)
    expect(await told()).toEqual([])

    // Paused, searched, drawn: the user's action is announced once, later changes are not.
    await page.page.keyboard.press('p')
    await flood(1)
    expect(await told()).toEqual([expect.stringMatching(/^Paused at/)])
    await page.page.keyboard.press('p')
    await page.page.evaluate(`location.hash = '#c=${shared.id(1)}'`)
    await page.panel.getByRole('tab', { name: 'Stream' }).click()
    await page.panel.getByRole('textbox', { name: 'Find in the bytes' }).fill('xx')
    await expect.poll(() => page.panel.locator('[data-found]').innerText()).toContain(' of ')
    await told()
    await flood(1)
    expect(await told()).toEqual([])
    await page.tab('picture').click()
    await flood(1)
    expect(await told()).toEqual([])
  })

  test('in forced-colours mode, the selected row has an outline', async () => {
    const { port, page } = shared
    await page.page.emulateMedia({ forcedColors: 'active' })
    onTestFinished(() => page.page.emulateMedia({ forcedColors: null }))
    await connectClients(2, port)
    await page.row(shared.id(2)).waitFor()
    await page.row(shared.id(1)).click()
    await page.panel.waitFor()
    const outline = (id: number) =>
      page.page.evaluate<string>(
        `getComputedStyle(document.querySelector('[data-connection-id="${id}"]')).outlineStyle`,
      )
    expect(await Promise.all(shared.ids(1, 2).map(outline))).toEqual(['solid', 'none'])
  })
})
