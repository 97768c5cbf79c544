import type { CDPSession, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { contrast } from './contrast.ts'

interface Focused {
  what: string
  /** How many of nine points of the element nothing covers. */
  seen: number
  /** The focus ring: its width in pixels, its colour and the colour behind it. */
  ring: { width: number; colour: string; ground: string } | null
}

/** Runs in the page. The box around a field may draw the field's focus ring. */
const FOCUSED = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return null
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const between = (a, b, part) => a + (b - a) * part
  const parts = [0.1, 0.5, 0.9]
  const seen = parts.flatMap((x) => parts.map((y) => [between(left, right, x), between(top, bottom, y)]))
    .filter(([x, y]) => element.contains(document.elementFromPoint(x, y))).length
  const ringed = [element, element.parentElement, element.parentElement.parentElement].find((one) => getComputedStyle(one).outlineStyle !== 'none')
  let around = ringed?.parentElement
  const transparent = 'rgba(0, 0, 0, 0)'
  while (around && getComputedStyle(around).backgroundColor === transparent) around = around.parentElement
  const ring = ringed ? getComputedStyle(ringed) : null
  return {
    what: element.outerHTML.slice(0, 160),
    seen,
    ring: ring && {
      width: parseFloat(ring.outlineWidth),
      colour: ring.outlineColor,
      ground: getComputedStyle(around ?? document.body).backgroundColor,
    },
  }
})()`

/** Runs in the page: whether a modal dialog is open and the browser's own controls have the focus. */
const IN_BROWSER = "document.querySelector('dialog:modal') !== null && document.activeElement === document.body"

/** The page without a pointer. After every key, the focused element must be visible, have a focus ring and a name. */
export class Keyboard {
  readonly #page: Page
  #devtools: CDPSession | null = null

  constructor(page: Page) {
    this.#page = page
  }

  /** Presses the keys one after the other. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(key)
      // From the last control of a modal dialog Tab goes to the browser's own controls. The next one comes back.
      if (key.endsWith('Tab') && (await this.#page.evaluate(IN_BROWSER))) await this.#page.keyboard.press(key)
      await this.check(key)
    }
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  /** Presses Tab until the target has the focus. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      if (await this.has(target)) return
      await this.press(key)
    }
    throw new Error(`${key} does not come to ${String(target)}`)
  }

  async has(target: Locator): Promise<boolean> {
    return (await target.and(this.#page.locator(':focus')).count()) > 0
  }

  /** @param key the key or event before the check, for the error message */
  async check(key: string): Promise<void> {
    // An element that a key opens or closes may get or return the focus a few frames later.
    await expect.poll(() => this.#fault(), { message: `after ${key}` }).toBe(null)
  }

  async #fault(): Promise<string | null> {
    const focused = await this.#page.evaluate<Focused | null>(FOCUSED)
    if (!focused) return 'the focus is nowhere'
    const { what, seen, ring } = focused
    if (seen === 0) return `covered: ${what}`
    if (!ring || ring.width < 2) return `no ring: ${what}`
    const ratio = contrast(hex(ring.colour), hex(ring.ground))
    if (ratio < 3) return `a ring of ${ratio.toFixed(1)}:1 on ${ring.ground}: ${what}`
    return (await this.#name()) === '' ? `no name: ${what}` : null
  }

  /** The accessible name, as a screen reader gets it. */
  async #name(): Promise<string> {
    this.#devtools ??= await this.#page.context().newCDPSession(this.#page)
    const { result } = await this.#devtools.send('Runtime.evaluate', { expression: 'document.activeElement' })
    if (result.objectId === undefined) return ''
    const { objectId } = result
    const { nodes } = await this.#devtools.send('Accessibility.getPartialAXTree', { objectId, fetchRelatives: false })
    return String(nodes[0]?.name?.value ?? '')
  }
}

/** Converts `rgb(1, 2, 3)` to `#010203`. */
function hex(colour: string): string {
  const parts = (colour.match(/\d+/g) ?? []).slice(0, 3)
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`
}
