import type { Page } from 'playwright-core'
import { STEP_IDS } from '../../web/lesson/steps.ts'
import type { DashboardPage } from './dashboard-page.ts'

/** A view of the page. Found by data attributes, so it works in any language. */
export interface View {
  name: string
  /** Appended to the page's address; null to stay on the current view. */
  at?: string | null
  /** The steps from that address to the view. */
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

/** Runs in the page: the key that closes whatever is open; null if nothing is. */
const WAY_OUT = `(() => {
  const open = 'dialog[open], :popover-open, aside, [data-picks], [data-summary-sheet]'
  if (document.querySelector(open) || document.querySelector('[type=search]')?.value) return 'Escape'
  if (document.querySelector('[data-paused]')) return 'p'
  document.activeElement?.blur()
  return null
})()`

/** Closes whatever is open with the keyboard, which is faster than reloading the page for each view. */
async function leave(page: Page): Promise<void> {
  for (;;) {
    const key = await page.evaluate<string | null>(WAY_OUT)
    if (key === null) return
    await page.keyboard.press(key)
  }
}

/** Opens one view after the other and collects the faults found in each. @param url of the page */
export async function walk(
  dashboard: DashboardPage,
  url: string,
  views: View[],
  look: (page: Page) => Promise<string[]>,
): Promise<string[]> {
  const { page } = dashboard
  const found: string[] = []
  for (const { name, at = '', open } of views) {
    if (at !== null) {
      const to = new URL(at, url)
      await leave(page)
      // A change of the fragment alone does not load the page again.
      if (page.url().split('#')[0] === to.href.split('#')[0]) await page.evaluate(`location.hash = '${to.hash}'`)
      else await page.goto(to.href)
      if (to.pathname === '/') await dashboard.link('live')
    }
    await open?.(page)
    found.push(...(await look(page)).map((fault) => `${name}: ${fault}`))
  }
  return found
}

export const EMPTY: View[] = [
  { name: 'nobody connected', open: seen('h1') },
  { name: 'the projector without anybody', at: '?projector', open: seen('[data-projector-view]') },
  { name: 'the picture of nobody', at: '?view=picture', open: seen('[data-picture]') },
  { name: 'the page of the API', at: 'api/docs', open: seen('article') },
]

/** Views with three connections; the first one has sent a request. */
export const FEW: View[] = [
  { name: 'three connections', open: seen('[data-connection-id="3"]') },
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
  { name: 'the palette', open: inTurn(type('Control+k'), seen('[data-palette] [role=option]')) },
  {
    name: 'the help of the filter',
    // On a narrow page the filter is an icon until it has the focus.
    open: inTurn(type('/'), press('[popovertarget=filter-help]'), seen('#filter-help')),
  },
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
  { name: 'the lesson', at: '#lesson', open: seen('[data-side=lesson] [data-begin]') },
  {
    name: 'the meaning of a term of the lesson',
    at: null,
    open: inTurn(press('[data-begin]'), press('[data-lesson-step] [data-term]'), seen('[popover]:popover-open')),
  },
  {
    name: 'a step of the lesson',
    at: '#lesson',
    open: inTurn(press('[data-side=lesson] [data-next]'), seen('[data-lesson-step=first] [type=radio]')),
  },
  {
    name: 'a step of the lesson with its evidence',
    at: null,
    open: inTurn(
      press('[data-lesson-step=first] [type=radio]'),
      press('[data-task=first]'),
      seen('[data-lesson-step=first] [data-prediction]'),
    ),
  },
  {
    name: 'the last question of the lesson, about two packets, behind steps left out',
    at: null,
    open: inTurn(
      press('[data-lesson-step=first] [data-next]'),
      ...STEP_IDS.slice(2, -1).map((id) => press(`[data-lesson-step=${id}] [data-leave-out]`)),
      seen('[data-lesson-step=tuples] [data-part=syn]'),
    ),
  },
  {
    name: 'a step of the lesson on the projector',
    at: '?projector#lesson',
    open: seen('[data-projector-view=lesson] [data-side=lesson] [data-step]'),
  },
  { name: 'the summary of the lesson', at: '#summary', open: seen('[data-summary-sheet] td') },
  { name: 'experiments', at: '#experiments', open: seen('[data-experiment]') },
  {
    name: 'an experiment after its run',
    at: null,
    open: inTurn(press('[data-experiment=fin] [data-run-button]'), seen('[data-experiment=fin] [data-clean-up]')),
  },
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
  { name: 'the clients', at: '?view=clients', open: seen('[data-client] [data-live]') },
  { name: 'the events', at: '?view=events', open: seen('[data-event]') },
  { name: 'an address of which a part names nothing', at: '?view=nowhere', open: seen('[data-address-notice]') },
  { name: 'the picture of a few', at: '?view=picture', open: seen('[data-picture=few]') },
  { name: 'the board', at: '?view=board', open: seen('[data-board] [data-address]') },
  { name: 'the list on the projector', at: '?projector', open: seen('[data-projector-view=list] [data-projected]') },
  {
    name: 'the picture on the projector',
    at: '?projector&view=picture',
    open: seen('[data-projector-view=picture] [data-picture=few]'),
  },
  {
    name: 'the board on the projector',
    at: '?projector&view=board',
    open: seen('[data-projector-view=board] [data-address]'),
  },
]

/** Views with hundreds of connections. */
export const MANY: View[] = [
  { name: 'the picture of hundreds', at: '?view=picture', open: seen('[data-picture=many]') },
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
  {
    name: 'hundreds, scrolled',
    open: async (page) => {
      await page.locator('[role=grid] [role=rowgroup]').waitFor()
      await page.evaluate(`document.querySelector('[role=grid] [role=rowgroup]').scrollTop = 1700`)
      await page.locator('[aria-rowindex="60"]').waitFor()
    },
  },
]

/** Views while accepting is stopped and a client waits. */
export const STOPPED: View[] = [
  { name: 'waiting, in the picture', at: '?view=picture', open: seen('[data-picture][data-waiting="1"]') },
  { name: 'waiting in the accept queue', open: seen('[data-unmatched-socket]') },
]

export const LOST: View[] = [{ name: 'the link is lost', at: null, open: seen('[data-notice=lost]') }]

/** Views of a read-only server. */
export const READ_ONLY: View[] = [
  { name: 'read-only', open: seen('[data-read-only]') },
  { name: 'a connection of a read-only server', at: '#c=1', open: inTurn(more, seen('[data-act-result]')) },
]

/** Views of the same server in a tab without its token. */
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
