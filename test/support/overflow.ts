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
