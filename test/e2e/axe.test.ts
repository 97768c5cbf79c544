import { describe, expect, test } from 'vitest'
import { faultsIn, RULES } from '../support/axe.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient, connectClients, connectInOrder } from '../support/clients.ts'
import { startProcess } from '../support/server-process.ts'
import { EMPTY, FEW, LOST, MANY, NO_TOKEN, READ_ONLY, STOPPED, type View, walk } from '../support/views.ts'
import { isMissing, titleWith } from '../tools.ts'

/*
 * Two of the four combinations are enough: a theme changes only colours (web/ui/tokens.css) and a language only words. English in
 * light and Russian in dark cover every colour and every word.
 */
const PAGES = [
  { locale: 'en', colorScheme: 'light', rules: RULES.all },
  { locale: 'ru', colorScheme: 'dark', rules: RULES.wordsAndColours },
] as const

/** The views of one test take two minutes on a busy machine. */
const MIDDLE = FEW.findIndex(({ name }) => name === 'the lesson')

describe.skipIf(isMissing(browserTool))(titleWith('what axe finds in each view', browserTool), () => {
  const browser = new BrowserOfFile()

  /** Starts a separate server for the page, because pages of one server see each other's actions. @returns a function that checks views */
  async function serve({ locale, colorScheme, rules }: (typeof PAGES)[number], args: string[] = [], fragment = '') {
    const server = startProcess({ args: ['--port=0', '--ui-port=0', ...args] })
    const { port, url } = await server.ready()
    // Motion is off, because an element that fades in has too little contrast.
    const page = await browser.open(`${url}${fragment}`, { locale, colorScheme, reducedMotion: 'reduce' })
    const look = (views: View[]) => walk(page, url, views, (at) => faultsIn(at, [...rules]))
    return { server, port, url, page, look }
  }

  test.for([
    ['with nobody connected, and with three', EMPTY, FEW.slice(0, MIDDLE)],
    ['with three, in the other views', [], FEW.slice(MIDDLE)],
  ] as const)('nothing, %s', { timeout: 150_000 }, async ([, before, few]) => {
    const found = PAGES.map(async (options) => {
      const { port, look } = await serve(options)
      const empty = await look([...before])

      const [first] = await connectInOrder(3, port)
      first?.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      return [...empty, ...(await look([...few]))]
    })
    expect(await Promise.all(found)).toEqual(PAGES.map(() => []))
  })

  test('nothing, with hundreds, while clients wait, and when the link is lost', async () => {
    const found = PAGES.map(async (options) => {
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
    expect(await Promise.all(found)).toEqual(PAGES.map(() => []))
  }, 150_000)

  test('nothing on a read-only server, and where it is given no token', async () => {
    const args = ['--read-only', '--token=open-sesame-please']
    const found = PAGES.map(async (options) => {
      const { port, page, look } = await serve(options, args, '/#token=open-sesame-please')
      page.tolerated = /401|Authentication/
      await connectInOrder(3, port)
      return look([...READ_ONLY, ...NO_TOKEN])
    })
    expect(await Promise.all(found)).toEqual(PAGES.map(() => []))
  })
})
