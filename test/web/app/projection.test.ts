import { beforeEach, expect, test } from 'vitest'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'
import { Projection } from '../../../web/app/projection.ts'

/** A browser that begins and ends full screen some time after it was asked to, and loses what is asked meanwhile. */
class Browser {
  fullscreenElement: object | null = null
  readonly documentElement = { requestFullscreen: () => this.#change({}) }
  refuses = false
  onchange = () => {}
  #busy = false
  #done: (() => void)[] = []

  exitFullscreen = () => this.#change(null)

  /** The browser gets done what it was asked. */
  async settle(): Promise<void> {
    while (this.#done.length > 0) {
      for (const done of this.#done.splice(0)) done()
      await new Promise((resolve) => setTimeout(resolve))
    }
  }

  async pressEsc(): Promise<void> {
    this.fullscreenElement = null
    this.onchange()
    await this.settle()
  }

  #change(to: object | null): Promise<void> {
    if (this.refuses || this.#busy) return Promise.reject(new TypeError('refused'))
    this.#busy = true
    return new Promise((resolve) => {
      this.#done.push(() => {
        this.#busy = false
        this.fullscreenElement = to
        this.onchange()
        resolve()
      })
    })
  }
}

let browser: Browser
let bar: AddressBar
let projection: Projection

beforeEach(() => {
  browser = new Browser()
  const location = { href: 'http://localhost:3000/' }
  bar = new AddressBar({ location, history: { pushState: () => {}, replaceState: () => {} } })
  projection = new Projection(bar, browser)
  browser.onchange = () => projection.changed()
})

const state = () => [bar.at.projector, browser.fullscreenElement !== null]

test('projector mode opens full screen, and ends when full screen ends', async () => {
  void projection.turn(true)
  await browser.settle()
  expect(state()).toEqual([true, true])
  await browser.pressEsc()
  expect(state()).toEqual([false, false])

  void projection.turn(true)
  await browser.settle()
  void projection.turn(false)
  await browser.settle()
  expect(state()).toEqual([false, false])
})

test('left and entered again at once, it is full screen again, and Esc still leaves it', async () => {
  void projection.turn(true)
  await browser.settle()
  void projection.turn(false)
  void projection.turn(true)
  await browser.settle()
  expect(state()).toEqual([true, true])
  await browser.pressEsc()
  expect(state()).toEqual([false, false])
})

test.each([
  ['while the browser leaves full screen', true],
  ['while the browser enters it', false],
])('turned off and on and off again, it is off: %s', async (_when, settled) => {
  void projection.turn(true)
  if (settled) await browser.settle()
  for (const on of [false, true, false]) void projection.turn(on)
  await browser.settle()
  expect(state()).toEqual([false, false])
})

test('where the browser refuses full screen, the mode works without it', async () => {
  browser.refuses = true
  void projection.turn(true)
  await browser.settle()
  expect(state()).toEqual([true, false])
  void projection.turn(false)
  await browser.settle()
  expect(state()).toEqual([false, false])
})
