import type { Page } from 'playwright-core'

/** Runs in the page: finds elements wider than the window, or with text that is cut off. */
const OVERFLOWING = `(() => {
  const root = document.documentElement
  const wide = root.scrollWidth > root.clientWidth ? ['the page is ' + root.scrollWidth + ' wide'] : []
  const cut = [...document.querySelectorAll('button, label, h1, h2, h3, .notice p')].filter((element) => {
    if (!element.checkVisibility() || element.closest('[data-layout], .visually-hidden')) return false
    const { overflowX } = getComputedStyle(element)
    return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && overflowX !== 'auto'
  })
  return [...wide, ...cut.map((element) => element.outerHTML.slice(0, 140))]
})()`

/** Text spacing that a user may set (WCAG 1.4.12). */
const SPACING = `* {
  line-height: 1.5 !important;
  letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important;
}`

/** What is wider than the window or cut off on the page now, with wide text spacing. */
export function overflowing(page: Page): Promise<string[]> {
  // A constructed style sheet is allowed by the page's content security policy.
  return page.evaluate(`(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(${JSON.stringify(SPACING)})
    document.adoptedStyleSheets = [sheet]
    const found = ${OVERFLOWING}
    document.adoptedStyleSheets = []
    return found
  })()`)
}

/** Runs in the page: gives the parts of the port's strip their longest words, and finds parts drawn over one another. */
const OVERLAPPING = `(() => {
  const line = document.querySelector('.port-strip .line')
  const lengthen = (element, text) => element && element.lastChild.nodeValue !== text && (element.lastChild.nodeValue = text)
  const longer = (element) => element && lengthen(element, element.lastChild.nodeValue.replace(/^\\d+\\s/, '1,234 '))
  longer(line.querySelector('[data-resets] .words'))
  longer(line.querySelector('[data-attention]'))
  line.querySelectorAll('.rates dd.mono').forEach((rate) => lengthen(rate, '123.4 kB/s'))
  const parts = [...line.children].flatMap((part) =>
    part.matches('.strip, .room') ? [...part.children] : [part],
  )
  const boxes = parts.flatMap((part) => {
    const [box, room] = [part.getBoundingClientRect(), part.closest('.room')?.getBoundingClientRect()]
    const hidden = box.width === 0 || (room !== undefined && box.top >= room.bottom)
    return hidden ? [] : [{ part, box }]
  })
  const limits = line.getBoundingClientRect()
  const name = ({ part, box }) => part.innerText + ' ' + Math.round(box.left) + '–' + Math.round(box.right)
  return boxes.flatMap((one, index) => [
    ...(one.box.right > limits.right ? [name(one) + ' is cut off'] : []),
    ...boxes.slice(index + 1).flatMap((other) => {
      const over = one.box.right - other.box.left > 1 && other.box.right - one.box.left > 1
      return over && one.box.bottom > other.box.top + 1 && other.box.bottom > one.box.top + 1
        ? [name(one) + ' over ' + name(other)]
        : []
    }),
  ])
})()`

/** Which parts of the port's strip are drawn over one another, with the longest values. */
export function overlappingInStrip(page: Page): Promise<string[]> {
  return page.evaluate(OVERLAPPING)
}
