import type { Page } from 'playwright-core'

/** Something that the page shows, whatever its language: so what is pressed is found by its data attributes. */
export interface View {
  name: string
  /** What follows the page's address; null: where the page is. */
  at?: string | null
  /** From what the address shows to the view. */
  open?: (page: Page) => Promise<void>
}

const press = (selector: string) => (page: Page) => page.locator(selector).first().click()

const seen = (selector: string) => (page: Page) => page.locator(selector).first().waitFor()

const inTurn =
  (...steps: ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const step of steps) await step(page)
  }

const more = async (page: Page) => {
  const toggle = page.locator('[data-act-more]')
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
}

const type = (keys: string) => (page: Page) => page.keyboard.press(keys)

export const EMPTY: View[] = [
  { name: 'the page of the API', at: 'api/docs', open: seen('article') },
  { name: 'nobody connected' },
  { name: 'the picture of nobody', at: '?view=picture', open: seen('[data-picture]') },
]

/** With three connections, of which the first has sent a request. */
export const FEW: View[] = [
  { name: 'three connections' },
  { name: 'the picture of three', at: '?view=picture', open: seen('[data-picture=few]') },
  { name: 'the board of three', at: '?view=board', open: seen('[data-board]') },
  { name: 'the facts of a connection', at: '#c=1', open: seen('[data-panel="1"]') },
  { name: 'its bytes as text', at: '#c=1&bytes', open: seen('[data-bytes] [data-chunk]') },
  {
    name: 'its bytes as hex, searched',
    at: '#c=1&bytes',
    open: inTurn(seen('[data-bytes] [data-chunk]'), press('[data-bytes] [data-choice=hex]'), async (page) => {
      await page.locator('[data-bytes] input').fill('"GET"')
      await page.locator('[data-found]:not(:empty)').waitFor()
    }),
  },
  { name: 'copying its bytes', at: '#c=1&bytes', open: inTurn(press('[data-chunk] button'), seen('dialog[open]')) },
  { name: 'all that can be done to it', at: '#c=1', open: inTurn(more, seen('[data-close]')) },
  {
    name: 'presets and history',
    at: '#c=1',
    open: inTurn(more, press('[data-act] [data-presets]'), seen('dialog[open]')),
  },
  { name: 'the shortcuts', open: inTurn(type('?'), seen('dialog[open]')) },
  { name: 'the help of the filter', open: inTurn(press('[popovertarget=filter-help]'), seen('#filter-help')) },
  {
    name: 'no match, and a word that is misread',
    open: inTurn(async (page) => page.locator('input[type=search]').fill('sate:open'), seen('[data-misread]')),
  },
  { name: 'server and kernel', at: '#kernel', open: seen('[data-side=kernel]') },
  {
    name: 'a lookup with its steps',
    at: '#lookup',
    open: async (page) => {
      await page.locator('#lookup-remoteAddress').fill('127.0.0.9')
      await page.locator('#lookup-remotePort').fill('50000')
      await page.locator('[data-verdict]').waitFor()
    },
  },
  {
    name: 'a lookup of what is no address',
    at: '#lookup',
    open: inTurn(async (page) => page.locator('#lookup-remoteAddress').fill('example'), seen('[aria-invalid=true]')),
  },
  { name: 'the lesson', at: '#lesson', open: seen('[data-side=lesson] [data-next]') },
  {
    name: 'a step of the lesson',
    at: '#lesson',
    open: inTurn(press('[data-side=lesson] [data-next]'), seen('[data-side=lesson] [type=radio]')),
  },
  { name: 'the summary of the lesson', at: '#summary', open: seen('[data-summary-sheet]') },
  { name: 'experiments', at: '#experiments', open: seen('[data-experiment]') },
  { name: 'the lesson', at: '#lesson', open: seen('[data-side=lesson]') },
  {
    name: 'joining a class',
    open: async (page) => {
      const menu = page.locator('[popovertarget=tools]')
      if (await menu.isVisible()) await menu.click()
      await page.locator('[data-join]').click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  { name: 'saying which connection is one’s own', open: inTurn(type('m'), seen('dialog[open]')) },
  { name: 'a paused list', open: inTurn(type('p'), seen('[data-paused]')) },
]

/** With hundreds of connections. */
export const MANY: View[] = [
  { name: 'the picture of hundreds', at: '?view=picture', open: seen('[data-picture=many]') },
  {
    name: 'hundreds, scrolled',
    open: async (page) => {
      await page.locator('[role=grid] [role=rowgroup]').waitFor()
      await page.evaluate(`document.querySelector('[role=grid] [role=rowgroup]').scrollTop = 2000`)
      await page.locator('[aria-rowindex="60"]').waitFor()
    },
  },
  {
    name: 'a selection',
    open: inTurn(press('[data-connection-id] [data-pick]'), seen('[data-picks]')),
  },
  {
    name: 'the question before a selection is reset',
    open: inTurn(press('[data-connection-id] [data-pick]'), press('[data-bulk=reset]'), seen('dialog[open]')),
  },
  {
    name: 'sending to a selection',
    open: inTurn(press('[data-connection-id] [data-pick]'), press('[data-bulk=send]'), seen('dialog[open]')),
  },
  { name: 'the export of what is listed', open: inTurn(press('[data-export=listed]'), seen('#export-listed')) },
]

/** While the server does not accept, and a client waits. */
export const STOPPED: View[] = [
  { name: 'waiting, in the picture', at: '?view=picture', open: seen('[data-picture][data-waiting="1"]') },
  { name: 'waiting in the accept queue', open: seen('[data-loose-socket]') },
]

export const LOST: View[] = [{ name: 'the link is lost', at: null, open: seen('[data-notice=lost]') }]

/** Of a server that is read-only. */
export const READ_ONLY: View[] = [
  { name: 'read-only', open: seen('[data-read-only]') },
  { name: 'a connection of a read-only server', at: '#c=1', open: inTurn(more, seen('[data-act-told]')) },
]

/** The same server, in a tab that has forgotten its token. */
export const NO_TOKEN: View[] = [
  {
    name: 'a token is asked for',
    open: async (page) => {
      await page.evaluate('sessionStorage.clear()')
      await page.reload()
      await page.locator('[data-notice=token]').waitFor()
    },
  },
]
