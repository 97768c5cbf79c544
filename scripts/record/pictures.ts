import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const DOCS = join(import.meta.dirname, '../../docs')
const PORT = 8080
/** More than both ends' kernels take before the server stops reading what it can't echo. */
const FLOOD_BYTES = 12 * 1024 * 1024

/** Takes docs/*.png of the real page, with real clients of a server on port 8080 that has none. */
export async function takePictures(browser: Browser, url: string): Promise<void> {
  const few = [await client(12, 50_000), await client(13, 50_000), await client(14, 41_000)]
  const lesson = await open('#lesson', { width: 1440, height: 860 })
  await lesson.locator('[data-begin]').click()
  await save(lesson, 'lesson')
  stopReading(few[2])
  await sleep(3_000)
  await shoot('picture', '?view=picture', { width: 1280, height: 760 })

  const page = await open('?projector', { width: 1920, height: 1080 }, { colorScheme: 'dark' })
  for (const host of [5, 6, 7]) (await client(host)).end()
  const reset = await client(8)
  // The greeting has come, so the server knows the address.
  await once(reset, 'data')
  reset.resetAndDestroy()
  await sleep(2_500)
  few.push(await client(10, 50_000))
  await save(page, 'projector')
  for (const socket of few) socket.destroy()

  const many: Socket[] = []
  while (many.length < 60) many.push(await client(2 + ((many.length * 7) % 24)))
  for (const [index, socket] of many.entries()) socket.write(`${'hello '.repeat(1 + (index % 9))}\n`)
  stopReading(many[57])
  const id = await idOf(many[57])
  await sleep(8_000)
  await shoot('dashboard', `#c=${id}`, { width: 1440, height: 900 })
  for (const socket of many) socket.destroy()

  async function open(path: string, viewport: { width: number; height: number }, options: BrowserContextOptions = {}) {
    const still = { locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce' } as const
    const context = await browser.newContext({ ...still, viewport, ...options })
    const opened = await context.newPage()
    await opened.goto(new URL(path, url).href)
    await opened.locator('html[data-link=live]').waitFor({ state: 'attached' })
    return opened
  }

  async function shoot(name: string, path: string, viewport: { width: number; height: number }): Promise<void> {
    await save(await open(path, viewport), name)
  }

  async function idOf(socket: Socket | undefined): Promise<number> {
    const filter = encodeURIComponent(`ip=${socket?.localAddress} port:${socket?.localPort}`)
    const answer = await fetch(new URL(`/api/connections?filter=${filter}`, url))
    const { items } = (await answer.json()) as { items: { id: number }[] }
    return items[0]?.id ?? 0
  }
}

async function client(host: number, localPort?: number): Promise<Socket> {
  const from = { localAddress: `127.0.0.${host}`, ...(localPort === undefined ? {} : { localPort }) }
  const socket = connect({ host: '127.0.0.1', port: PORT, ...from })
  // Reset at the end of its picture.
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'connect')
  return socket
}

function stopReading(socket: Socket | undefined): void {
  socket?.pause()
  socket?.write(Buffer.alloc(FLOOD_BYTES, 'x'))
}

async function save(page: Page, name: string): Promise<void> {
  await sleep(1_500)
  await page.screenshot({ path: join(DOCS, `${name}.png`) })
  await page.context().close()
}
