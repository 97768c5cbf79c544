/** An element that had the focus, and its ancestors at that time, innermost first. */
interface Spot {
  element: HTMLElement
  around: HTMLElement[]
}

const REMEMBERED = 20

/**
 * Keeps the keyboard's focus on the page. When the focused element is removed or disabled, browsers move the focus to
 * the body, and Tab starts from the top again. This moves it to an element nearby, or back to where it was before a
 * panel was opened.
 * @returns a function that stops this
 */
export function keepFocus(page: Document): () => void {
  /** Newest first. */
  let spots: Spot[] = []
  /** Holds the focus while the newest element is disabled. */
  let standIn: HTMLElement | null = null
  let placing = false

  function focusIn({ target }: FocusEvent) {
    if (placing || !(target instanceof HTMLElement)) return
    standIn = null
    remember(target)
  }

  function remember(element: HTMLElement) {
    const others = spots.filter((spot) => spot.element !== element)
    spots = [{ element, around: [...ancestors(element)] }, ...others].slice(0, REMEMBERED)
  }

  function focusOut({ relatedTarget }: FocusEvent) {
    if (relatedTarget !== null) return
    // A click outside any focusable element gives up the focus on purpose. Wait until a removed element has left the
    // page.
    setTimeout(() => {
      if (spots[0] && usable(spots[0].element) && page.activeElement === page.body) spots = []
    })
  }

  function check() {
    const last = spots[0]?.element
    if (!last) return
    const { activeElement } = page
    if (usable(last)) {
      if (standIn && activeElement === standIn) give(last)
      return
    }
    // A browser moves the focus away from a disabled element only when it draws the next frame.
    if (activeElement instanceof HTMLElement && activeElement !== page.body && usable(activeElement)) return
    const next = successor(last)
    if (next) give(next)
    standIn = last.isConnected ? next : null
    // If the element is gone for good, its successor has to be remembered, since it may be removed next.
    if (next && !standIn) remember(next)
  }

  function successor(gone: HTMLElement): HTMLElement | null {
    const name = gone.dataset['focusName']
    const again = name === undefined ? null : page.querySelector<HTMLElement>(`[data-focus-name="${name}"]`)
    if (again && usable(again)) return again
    let began = false
    for (const { element, around } of spots) {
      if (usable(element)) return element
      // The whole panel or dialog has closed, with everything in it.
      if (around.some((outer) => outer.matches('aside, dialog') && !usable(outer))) continue
      began = true
      const near = around.find((outer) => outer.matches('[tabindex]:not(main)') && usable(outer))
      if (near) return near
    }
    // Returns null if the focus was only ever in a dialog that has closed.
    return began ? page.querySelector('main') : null
  }

  function give(element: HTMLElement) {
    placing = true
    element.focus({ preventScroll: true })
    placing = false
  }

  const observer = new MutationObserver(check)
  const attributeFilter = ['disabled', 'inert', 'hidden', 'open']
  observer.observe(page.body, { childList: true, subtree: true, attributeFilter })
  page.addEventListener('focusin', focusIn)
  page.addEventListener('focusout', focusOut)
  return () => {
    observer.disconnect()
    page.removeEventListener('focusin', focusIn)
    page.removeEventListener('focusout', focusOut)
  }
}

/** Checks attributes only, because this runs on every change of the page and must not cause a layout. */
function usable(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled, [inert], [inert] *, [hidden] *, dialog:not([open]), dialog:not([open]) *')
  )
}

function* ancestors(element: HTMLElement): Generator<HTMLElement> {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) yield parent
}
