/** What had the focus, and what was around it then, from the inside out. */
interface Spot {
  element: HTMLElement
  around: HTMLElement[]
}

const REMEMBERED = 20

/**
 * Focus never drops to nowhere. When what has it goes away, or cannot be used for a moment, what is around it takes its place; from a panel
 * that closes it returns to where it came from. (A browser would leave it on the body: the keyboard would begin at the top again.)
 * @returns what ends it
 */
export function keepFocus(page: Document): () => void {
  /** The newest first. */
  let spots: Spot[] = []
  /** Has the focus as long as the newest one is disabled. */
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
    // Somebody clicked beside everything: nothing is to be kept. What goes away is told of first.
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
    // A browser takes the focus from what cannot have it any more only when it draws.
    if (activeElement instanceof HTMLElement && activeElement !== page.body && usable(activeElement)) return
    const next = successor(last)
    if (next) give(next)
    standIn = last.isConnected ? next : null
    // What takes the place of what is gone for good may go away next.
    if (next && !standIn) remember(next)
  }

  function successor(gone: HTMLElement): HTMLElement | null {
    const name = gone.dataset['focusName']
    const again = name === undefined ? null : page.querySelector<HTMLElement>(`[data-focus-name="${name}"]`)
    if (again && usable(again)) return again
    let began = false
    for (const { element, around } of spots) {
      if (usable(element)) return element
      // With the panel or the dialog went all of it.
      if (around.some((outer) => outer.matches('aside, dialog') && !usable(outer))) continue
      began = true
      const near = around.find((outer) => outer.matches('[tabindex]:not(main)') && usable(outer))
      if (near) return near
    }
    // A dialog that was opened from nowhere leaves nobody behind.
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

/** Costs no layout: it is asked whenever something comes or goes. */
function usable(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled, [inert], [inert] *, [hidden] *, dialog:not([open]), dialog:not([open]) *')
  )
}

function* ancestors(element: HTMLElement): Generator<HTMLElement> {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) yield parent
}
