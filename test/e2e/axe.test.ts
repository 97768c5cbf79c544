import { describe, expect, test } from 'vitest'
import { faultsIn, RULES } from '../support/axe.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import { overflowing } from '../support/overflow.ts'
import { startProcess } from '../support/server-process.ts'
import { EMPTY, FEW, LOST, MANY, NO_TOKEN, READ_ONLY, STOPPED, type View, walk } from '../support/views.ts'
import { isMissing, titleWith } from '../tools.ts'

/*
 * Two of the combinations are enough: a theme changes only colours (web/ui/tokens.css) and a language only words. English in light
 * and Russian in dark cover every colour and every word. The views of a few connections are narrow in Russian, whose words are the
 * longer ones: 320 pixels are also what is left of 1,280 at 400 % zoom.
 */
const PAGES = [
  { locale: 'en', colorScheme: 'light', rules: RULES.all },
  { locale: 'ru', colorScheme: 'dark', rules: RULES.wordsAndColours },
] as const
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 320, height: 640 }

/** The only page of the views that take longest: CI has 15 minutes. The unit tests compare the colours of both themes. */
const ONE = [{ ...PAGES[1], rules: RULES.all }] as const

/** The views of one test take two minutes on a busy machine. */
const MIDDLE = FEW.findIndex(({ name }) => name === 'the lesson')

describe.skipIf(isMissing(browserTool))(titleWith('what axe finds in each view', browserTool), () => {
  const browser = new BrowserOfFile()

  /** Starts a separate server for the page, because pages of one server see each other's actions. @returns a function that checks views */
  async function serve(
    { locale, colorScheme, rules }: (typeof PAGES | typeof ONE)[number],
    { args = [] as string[], fragment = '', viewport = WIDE } = {},
  ) {
    const server = startProcess({ args: ['--port=0', '--ui-port=0', ...args] })
    const { port, url } = await server.ready()
    // Motion is off, because an element that fades in has too little contrast.
    const page = await browser.open(`${url}${fragment}`, { locale, colorScheme, viewport, reducedMotion: 'reduce' })
    const look = (views: View[]) =>
      walk(page, url, views, async (at) => [
        ...(await faultsIn(at, [...rules])),
        ...(viewport === NARROW ? await overflowing(at) : []),
      ])
    return { server, port, url, page, look }
  }

  test.for([
    ['with nobody connected, and with three', EMPTY, FEW.slice(0, MIDDLE)],
    ['with three, in the other views', [], FEW.slice(MIDDLE)],
  ] as const)('nothing, %s; at 320 pixels nothing is cut off', { timeout: 150_000 }, async ([, before, few]) => {
    const found = ONE.map(async (options) => {
      const { port, look } = await serve(options, { viewport: NARROW })
      const empty = await look([...before])

      const [first] = await connectInOrder(3, port)
      first?.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      return [...empty, ...(await look([...few]))]
    })
    expect(await Promise.all(found)).toEqual(ONE.map(() => []))
  })

  test('nothing, with hundreds, while clients wait, and when the link is lost', async () => {
    const found = ONE.map(async (options) => {
      const { server, port, url, page, look } = await serve(options)
      await connectClients(200, port)
      const many = await look(MANY)

      await fetch(new URL('/api/listener/pause', url), { method: 'POST' })
      await connectClient(port)
      const stopped = await look(STOPPED)

      page.tolerated = /ERR_/
      server.child.kill()
      return [...many, ...stopped, ...(await look(LOST))]
    })
    expect(await Promise.all(found)).toEqual(ONE.map(() => []))
  }, 150_000)

  test('nothing on a read-only server, and where it is given no token', async () => {
    const options = { args: ['--read-only', '--token=open-sesame-please'], fragment: '/#token=open-sesame-please' }
    const found = PAGES.map(async (one) => {
      const { port, page, look } = await serve(one, options)
      page.tolerated = /401|Authentication/
      await connectInOrder(3, port)
      return look([...READ_ONLY, ...NO_TOKEN])
    })
    expect(await Promise.all(found)).toEqual(PAGES.map(() => []))
  })
})
