export interface KeyActions {
  focusFilter: () => void
  togglePause: () => void
  /** @param extend the range of picked rows */
  move: (by: number, extend: boolean) => void
  /** The row under the cursor, into the selection or out of it. */
  pick: () => void
  /** All that the list has. */
  pickListed: () => void
  open: () => void
  /** Of the connection under the cursor; again: back to its facts. */
  showBytes: () => void
  /** @returns true if there was something to leave */
  leave: () => boolean
  /** Which socket gets the packets of the row under the cursor. */
  lookUp: () => void
  showSide: (side: 'experiments' | 'kernel' | 'lesson') => void
  showShortcuts: () => void
}

/** The page's shortcuts; keys typed into a field, or with a modifier, are not for us. */
export function handleKey(event: KeyboardEvent, actions: KeyActions): void {
  if (event.altKey || event.defaultPrevented) return
  const target = event.target instanceof Element ? event.target : null
  // An open dialog or popover closes itself with Esc and keeps its keys.
  if (target?.closest('dialog, [popover]:popover-open')) return
  // The focus may still be on the button that opened it.
  if (event.key === 'Escape' && document.querySelector(':popover-open')) return
  const typing = target?.closest('input, textarea, select') !== null && target !== null
  const run =
    event.ctrlKey || event.metaKey
      ? chordFor(event.key, typing, target, actions)
      : actionFor(event, typing, target, actions)
  if (run && run() !== false) event.preventDefault()
}

/** Ctrl+A takes all rows, except where there is text to be taken: in a field, or in what stands beside the list. */
function chordFor(
  key: string,
  typing: boolean,
  target: Element | null,
  actions: KeyActions,
): (() => boolean | void) | null {
  return key === 'a' && !typing && !target?.closest('aside') ? actions.pickListed : null
}

function actionFor(
  { key, shiftKey }: KeyboardEvent,
  typing: boolean,
  target: Element | null,
  actions: KeyActions,
): (() => boolean | void) | null {
  if (key === 'Escape') return actions.leave
  if (key === 'ArrowDown' && (!typing || target?.matches('[type=search]')))
    return () => actions.move(1, shiftKey && !typing)
  if (key === 'ArrowUp' && !typing) return () => actions.move(-1, shiftKey)
  if (typing) return null
  switch (key) {
    case '/':
      return actions.focusFilter
    case 'p':
      return actions.togglePause
    case 'j':
      return () => actions.move(1, false)
    case 'k':
      return () => actions.move(-1, false)
    case ' ':
      // A button in focus takes its own space bar, and elsewhere it scrolls.
      return target?.closest('[data-connection-id]') ? actions.pick : null
    case 'Enter':
      // A button in focus takes its own Enter.
      return target?.closest('button, a, summary') ? null : actions.open
    case 'b':
      return actions.showBytes
    case 'l':
      return actions.lookUp
    case 'e':
      return () => actions.showSide('experiments')
    case 'a':
      return () => actions.showSide('kernel')
    case 't':
      return () => actions.showSide('lesson')
    case '?':
      return actions.showShortcuts
    default:
      return null
  }
}
