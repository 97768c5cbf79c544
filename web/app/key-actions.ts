import type { ListState } from '../list/list.svelte.ts'
import type { Picks } from '../list/picks.svelte.ts'
import type { Classroom } from '../live/classroom.svelte.ts'
import type { Connector } from '../live/connector.svelte.ts'
import type { Row } from '../live/row.ts'
import type { ServerFacts } from '../live/server-facts.svelte.ts'
import type { ShownRows } from '../live/shown-rows.svelte.ts'
import type { AddressBar } from '../nav/address-bar.svelte.ts'
import type { Selection } from '../nav/selection.svelte.ts'
import type { KeyActions } from './shortcuts.ts'
import { TAB_VIEWS } from './view-tabs.ts'

/** The view on screen. */
interface Area {
  focusFilter: () => void
  /** Moves the focus from the panel to what the view is about. */
  focusContent: () => void
  move: (by: number, extend: boolean) => void
  moveProblem: (by: 1 | -1) => void
  /** Whether the rows of connections are on screen, so that they can be selected. */
  listsConnections: () => boolean
}

interface Page {
  bar: AddressBar
  selection: Selection
  list: Pick<ListState, 'filter' | 'setFilter' | 'row'>
  picks: Pick<Picks, 'count' | 'choosing' | 'leave' | 'toggle' | 'pickListed'>
  shownRows: Pick<ShownRows, 'toggleFreeze'>
  server: Pick<ServerFacts, 'readOnly'>
  connector: Pick<Connector, 'connect'>
  /** Null while the page shows no view. */
  area: () => Area | null
  project: (on: boolean) => void
  lookUp: (row: Row) => void
  showMine: () => void
  classroom: Pick<Classroom, 'namesHidden'>
  showShortcuts: () => void
  showPalette: () => void
}

/** What each shortcut does, given what is on screen and where the cursor is. */
export function keyActions(page: Page): KeyActions {
  const { bar, selection, list, picks, area } = page

  /** Leaves the outermost of what has been entered. */
  function leave(): boolean {
    if (bar.at.projector) page.project(false)
    else if (selection.side !== null) selection.close()
    else if (picks.count().picked > 0 || picks.choosing) picks.leave()
    else if (list.filter !== '') list.setFilter('')
    else return false
    return true
  }

  return {
    focusFilter: () => area()?.focusFilter(),
    toggleFreeze: () => page.shownRows.toggleFreeze(),
    move: (by, extend) => area()?.move(by, extend),
    moveProblem: (by) => area()?.moveProblem(by),
    pick: () => {
      if (area()?.listsConnections() && selection.id !== null) picks.toggle(selection.id)
    },
    pickListed: () => {
      if (area()?.listsConnections()) picks.pickListed()
    },
    open: () => {
      if (selection.id !== null) selection.show(selection.id)
    },
    showBytes: () => {
      if (selection.id !== null)
        selection.show(selection.id, selection.open && selection.tab === 'bytes' ? 'facts' : 'bytes')
    },
    turnTab: (by) => {
      if (selection.open) selection.turn(by)
    },
    showView: (index) => {
      const view = TAB_VIEWS[index]
      if (view) bar.go({ view })
    },
    leave,
    lookUp: () => {
      const row = selection.id === null ? undefined : list.row(selection.id)
      if (row) page.lookUp(row)
      else selection.showSide('lookup')
    },
    showSide: (side) => (selection.side === side ? selection.close() : selection.showSide(side)),
    changePane: () => {
      const panel = document.querySelector<HTMLElement>('main aside')
      if (panel?.contains(document.activeElement)) area()?.focusContent()
      else panel?.focus()
    },
    showMine: page.showMine,
    toggleNames: () => (page.classroom.namesHidden = !page.classroom.namesHidden),
    connect: () => void (page.server.readOnly || page.connector.connect()),
    toggleProjector: () => page.project(!bar.at.projector),
    showShortcuts: page.showShortcuts,
    showPalette: page.showPalette,
  }
}
