import { latinKey } from './latin-key.ts'

export interface KeyActions {
  focusFilter: () => void
  toggleFreeze: () => void
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
  /** From the list, or the picture, into what stands beside it, and back. */
  changePane: () => void
  /** Which connection is the visitor's own. */
  showMine: () => void
  toggleProjector: () => void
  showShortcuts: () => void
}

/** Where a key was pressed. */
interface Place {
  target: Element | null
  /** Into a field. */
  typing: boolean
}

interface Shortcut<Id extends string> {
  /** Of what it does in words: `messages.app.shortcuts.meanings`. */
  id: Id
  /** As `KeyboardEvent.key` has them, with Shift+ or Ctrl+ before those that go with another key. */
  keys: readonly string[]
  /** @returns false to leave the key to the browser */
  run: (actions: KeyActions, key: string) => boolean | void
  /** Where it is the page's; where nothing is said, wherever nobody types. */
  where?: (place: Place) => boolean
}

/** Every shortcut there is: what the keys do, and what the list of them shows. */
export const SHORTCUTS = [
  shortcut({ id: 'filter', keys: ['/'], run: ({ focusFilter }) => focusFilter() }),
  shortcut({ id: 'pause', keys: ['p'], run: ({ toggleFreeze }) => toggleFreeze() }),
  shortcut({
    id: 'move',
    keys: ['j', 'k', 'ArrowDown', 'ArrowUp'],
    run: ({ move }, key) => move(key === 'j' || key === 'ArrowDown' ? 1 : -1, false),
    // From the filter into the list.
    where: ({ typing, target }) => !typing || target?.matches('[type=search]') === true,
  }),
  shortcut({
    id: 'open',
    keys: ['Enter'],
    run: ({ open }) => open(),
    // A button in focus takes its own Enter.
    where: ({ typing, target }) => !typing && !target?.closest('button, a, summary'),
  }),
  shortcut({ id: 'bytes', keys: ['b'], run: ({ showBytes }) => showBytes() }),
  shortcut({
    id: 'pick',
    keys: [' '],
    run: ({ pick }) => pick(),
    // A button in focus takes its own space bar, and elsewhere it scrolls.
    where: ({ target }) => target !== null && target.closest('[data-connection-id]') !== null,
  }),
  shortcut({
    id: 'extend',
    keys: ['Shift+ArrowDown', 'Shift+ArrowUp'],
    run: ({ move }, key) => move(key === 'ArrowDown' ? 1 : -1, true),
  }),
  shortcut({
    id: 'pickListed',
    keys: ['Ctrl+a'],
    run: ({ pickListed }) => pickListed(),
    // Except where there is text to be taken: in a field, or in what stands beside the list.
    where: ({ typing, target }) => !typing && !target?.closest('aside'),
  }),
  shortcut({ id: 'lookUp', keys: ['l'], run: ({ lookUp }) => lookUp() }),
  shortcut({ id: 'experiments', keys: ['e'], run: ({ showSide }) => showSide('experiments') }),
  shortcut({ id: 'lesson', keys: ['t'], run: ({ showSide }) => showSide('lesson') }),
  shortcut({ id: 'projector', keys: ['f'], run: ({ toggleProjector }) => toggleProjector() }),
  shortcut({ id: 'mine', keys: ['m'], run: ({ showMine }) => showMine() }),
  shortcut({ id: 'kernel', keys: ['a'], run: ({ showSide }) => showSide('kernel') }),
  shortcut({ id: 'pane', keys: ['F6'], run: ({ changePane }) => changePane(), where: () => true }),
  shortcut({ id: 'leave', keys: ['Escape'], run: ({ leave }) => leave(), where: () => true }),
  shortcut({ id: 'help', keys: ['?'], run: ({ showShortcuts }) => showShortcuts() }),
]

export type ShortcutId = (typeof SHORTCUTS)[number]['id']

/** Keeps the id's own type. */
function shortcut<const Id extends string>(one: Shortcut<Id>): Shortcut<Id> {
  return one
}

/** A character alone: who speaks to the computer, or hits keys by mistake, turns these off (WCAG 2.1.4). */
export function isSingle(key: string): boolean {
  return key.length === 1 && key !== ' '
}

/**
 * The page's shortcuts; keys typed into a field are not for us.
 * @param singles whether those of one character count
 */
export function handleKey(event: KeyboardEvent, actions: KeyActions, singles: boolean): void {
  if (event.altKey || event.defaultPrevented) return
  const target = event.target instanceof Element ? event.target : null
  // An open dialog or popover closes itself with Esc and keeps its keys.
  if (target?.closest('dialog, [popover]:popover-open')) return
  // The focus may still be on the button that opened it.
  if (event.key === 'Escape' && document.querySelector(':popover-open')) return
  const key = latinKey(event)
  const pressed = written(key, event)
  if (!singles && isSingle(pressed)) return
  const place = { target, typing: target !== null && target.closest('input, textarea, select') !== null }
  const found = SHORTCUTS.find(({ keys, where }) => keys.includes(pressed) && (where ? where(place) : !place.typing))
  if (found && found.run(actions, key) !== false) event.preventDefault()
}

/** As the table has it; Shift counts where it does not make another character. */
function written(key: string, { shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  if (ctrlKey || metaKey) return `Ctrl+${key}`
  return shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key
}
