/** On narrower windows the panel covers the page (Side.svelte). */
const NARROW = '(width < 900px)'

/**
 * Where the panel covers the page, moves the focus into the panel and makes everything else inert (WCAG 2.4.11).
 * Dialogs stay usable.
 * @returns a function that undoes this
 */
export function cover(panel: HTMLElement): () => void {
  const narrow = matchMedia(NARROW)
  let covered: Element[] = []

  function uncover() {
    for (const element of covered) element.removeAttribute('inert')
    covered = []
  }

  function update() {
    uncover()
    if (!narrow.matches) return
    covered = [...beside(panel)].filter((element) => !element.matches('dialog, [popover], [inert]'))
    for (const element of covered) element.setAttribute('inert', '')
    if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: true })
  }

  narrow.addEventListener('change', update)
  update()
  return () => {
    narrow.removeEventListener('change', update)
    uncover()
  }
}

/** Every element outside the given one, except its ancestors. */
function* beside(element: Element): Generator<Element> {
  for (let inner = element; inner !== document.body && inner.parentElement; inner = inner.parentElement) {
    for (const sibling of inner.parentElement.children) if (sibling !== inner) yield sibling
  }
}
