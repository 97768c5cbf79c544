import { latinKey } from './latin-key.ts'

export interface KeyActions {
  focusFilter: () => void
  toggleFreeze: () => void
  /** @param extend extends the range of selected rows */
  move: (by: number, extend: boolean) => void
  /** Goes to the next (1) or previous (-1) connection with a problem. */
  moveProblem: (by: 1 | -1) => void
  /** Selects or deselects the row under the cursor. */
  pick: () => void
  /** Selects every row of the list. */
  pickListed: () => void
  open: () => void
  /** Switches the panel of the connection under the cursor to its bytes, or back to its facts. */
  showBytes: () => void
  /** Turns to the next tab of the panel, or the one before. */
  turnTab: (by: number) => void
  /** Shows the view of this tab, counted from 0. */
  showView: (index: number) => void
  /** @returns true if something was closed, cleared or left */
  leave: () => boolean
  /** Looks up which socket gets the packets of the connection under the cursor. */
  lookUp: () => void
  showSide: (side: 'experiments' | 'kernel' | 'lesson') => void
  /** Moves the focus between the list or picture and the panel. */
  changePane: () => void
  /** Opens the dialog that asks which connection is the visitor's own. */
  showMine: () => void
  /** Hides or shows the names of students on this page. */
  toggleNames: () => void
  /** Opens a built-in client. */
  connect: () => void
  toggleProjector: () => void
  showShortcuts: () => void
  showPalette: () => void
}

/** Where a key was pressed. */
interface Place {
  target: Element | null
  /** The focus is in a form field. */
  typing: boolean
}

interface Shortcut<Id extends string> {
  /** Key of the description in `messages.app.shortcuts.meanings`. */
  id: Id
  /** Values of `KeyboardEvent.key`. Combinations start with `Shift+` or `Ctrl+`. */
  keys: readonly string[]
  /** @returns false to leave the key to the browser */
  run: (actions: KeyActions, key: string) => boolean | void
  /** Also while the key is held down. */
  repeats?: boolean
  /** Where the shortcut works; by default everywhere except in form fields. */
  where?: (place: Place) => boolean
}

/** Every shortcut. The help dialog is made from this list too. */
export const SHORTCUTS = [
  shortcut({ id: 'palette', keys: ['Ctrl+k'], run: ({ showPalette }) => showPalette(), where: () => true }),
  shortcut({ id: 'filter', keys: ['/'], run: ({ focusFilter }) => focusFilter() }),
  shortcut({ id: 'pause', keys: ['p'], run: ({ toggleFreeze }) => toggleFreeze() }),
  shortcut({
    id: 'move',
    keys: ['j', 'k', 'ArrowDown', 'ArrowUp'],
    run: ({ move }, key) => move(key === 'j' || key === 'ArrowDown' ? 1 : -1, false),
    repeats: true,
    // The arrows also lead from the filter into the list.
    where: ({ typing, target }) => !typing || target?.matches('[type=search]') === true,
  }),
  shortcut({
    id: 'problem',
    keys: ['n', 'N'],
    run: ({ moveProblem }, key) => moveProblem(key === 'n' ? 1 : -1),
    repeats: true,
  }),
  shortcut({
    id: 'open',
    keys: ['Enter'],
    run: ({ open }) => open(),
    // A focused button handles Enter itself.
    where: ({ typing, target }) => !typing && !target?.closest('button, a, summary'),
  }),
  shortcut({ id: 'bytes', keys: ['b'], run: ({ showBytes }) => showBytes() }),
  shortcut({ id: 'panelTab', keys: ['[', ']'], run: ({ turnTab }, key) => turnTab(key === ']' ? 1 : -1) }),
  shortcut({ id: 'view', keys: ['1', '2', '3', '4'], run: ({ showView }, key) => showView(Number(key) - 1) }),
  shortcut({
    id: 'pick',
    keys: [' '],
    run: ({ pick }) => pick(),
    // A focused button handles the space bar itself, and elsewhere the space bar scrolls the page.
    where: ({ target }) => target !== null && target.closest('[data-connection-id]') !== null,
  }),
  shortcut({
    id: 'extend',
    keys: ['Shift+ArrowDown', 'Shift+ArrowUp'],
    run: ({ move }, key) => move(key === 'ArrowDown' ? 1 : -1, true),
    repeats: true,
  }),
  shortcut({
    id: 'pickListed',
    keys: ['Ctrl+a'],
    run: ({ pickListed }) => pickListed(),
    // In fields and in the panel, Ctrl+A selects text as usual.
    where: ({ typing, target }) => !typing && !target?.closest('aside'),
  }),
  shortcut({ id: 'lookUp', keys: ['l'], run: ({ lookUp }) => lookUp() }),
  shortcut({ id: 'connect', keys: ['c'], run: ({ connect }) => connect() }),
  shortcut({ id: 'experiments', keys: ['e'], run: ({ showSide }) => showSide('experiments') }),
  shortcut({ id: 'lesson', keys: ['t'], run: ({ showSide }) => showSide('lesson') }),
  shortcut({ id: 'projector', keys: ['f'], run: ({ toggleProjector }) => toggleProjector() }),
  shortcut({ id: 'mine', keys: ['m'], run: ({ showMine }) => showMine() }),
  shortcut({ id: 'names', keys: ['h'], run: ({ toggleNames }) => toggleNames() }),
  shortcut({ id: 'kernel', keys: ['a'], run: ({ showSide }) => showSide('kernel') }),
  shortcut({ id: 'pane', keys: ['F6'], run: ({ changePane }) => changePane(), where: () => true }),
  shortcut({ id: 'leave', keys: ['Escape'], run: ({ leave }) => leave(), where: () => true }),
  shortcut({ id: 'help', keys: ['?'], run: ({ showShortcuts }) => showShortcuts() }),
]

/** Keeps the literal type of the id. */
function shortcut<const Id extends string>(one: Shortcut<Id>): Shortcut<Id> {
  return one
}

/** A single character. People who use speech input or press keys by accident can turn these shortcuts off (WCAG 2.1.4). */
export function isSingle(key: string): boolean {
  return key.length === 1 && key !== ' '
}

/**
 * Runs the shortcut for a key, if there is one.
 * @param singles whether single-character shortcuts are on
 */
export function handleKey(event: KeyboardEvent, actions: KeyActions, singles: boolean): void {
  if (event.altKey || event.defaultPrevented) return
  const target = event.target instanceof Element ? event.target : null
  // An open dialog or popover handles its own keys, including Esc.
  if (target?.closest('dialog, [popover]:popover-open')) return
  // The focus may still be on the button that opened the popover.
  if (event.key === 'Escape' && document.querySelector(':popover-open')) return
  const key = latinKey(event)
  const pressed = written(key, event)
  if (!singles && isSingle(pressed)) return
  const place = { target, typing: target !== null && target.closest('input, textarea, select') !== null }
  const found = SHORTCUTS.find(({ keys, where }) => keys.includes(pressed) && (where ? where(place) : !place.typing))
  if (!found) return
  // A held key is one press, except where it moves along.
  const ignored = event.repeat && found.repeats !== true
  if (ignored || found.run(actions, key) !== false) event.preventDefault()
}

/** Writes a key as the table does. Shift counts only with the arrows: elsewhere it already changes the character. */
function written(key: string, { shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  // Caps Lock makes capitals without Shift.
  if (ctrlKey || metaKey) return `Ctrl+${shiftKey ? key : key.toLowerCase()}`
  return shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key
}
