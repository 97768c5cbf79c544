export interface KeyActions {
  focusFilter: () => void
  togglePause: () => void
  move: (by: number) => void
  open: () => void
  /** @returns true if there was something to leave */
  leave: () => boolean
  /** Which socket gets the packets of the row under the cursor. */
  lookUp: () => void
  showSide: (side: 'experiments' | 'kernel') => void
  showShortcuts: () => void
}

/** The page's shortcuts; keys typed into a field, or with a modifier, are not for us. */
export function handleKey(event: KeyboardEvent, actions: KeyActions): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  const target = event.target instanceof Element ? event.target : null
  // An open dialog or popover closes itself with Esc and keeps its keys.
  if (target?.closest('dialog, [popover]:popover-open')) return
  const typing = target?.closest('input, textarea, select') !== null && target !== null
  const run = actionFor(event.key, typing, target, actions)
  if (run && run() !== false) event.preventDefault()
}

function actionFor(
  key: string,
  typing: boolean,
  target: Element | null,
  actions: KeyActions,
): (() => boolean | void) | null {
  if (key === 'Escape') return actions.leave
  if (key === 'ArrowDown' && (!typing || target?.matches('[type=search]'))) return () => actions.move(1)
  if (key === 'ArrowUp' && !typing) return () => actions.move(-1)
  if (typing) return null
  switch (key) {
    case '/':
      return actions.focusFilter
    case 'p':
      return actions.togglePause
    case 'j':
      return () => actions.move(1)
    case 'k':
      return () => actions.move(-1)
    case 'Enter':
      // A button in focus takes its own Enter.
      return target?.closest('button, a, summary') ? null : actions.open
    case 'l':
      return actions.lookUp
    case 'e':
      return () => actions.showSide('experiments')
    case 'a':
      return () => actions.showSide('kernel')
    case '?':
      return actions.showShortcuts
    default:
      return null
  }
}
