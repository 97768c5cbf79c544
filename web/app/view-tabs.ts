import type { View } from '../nav/address.ts'

/** The views that have a tab, in order: 1 to 4 on the keyboard. */
export const TAB_VIEWS = ['connections', 'clients', 'picture', 'events'] as const satisfies readonly View[]
export type TabView = (typeof TAB_VIEWS)[number]

/** Whether the view is on this tab. The board is another form of the clients. */
export function isTab(view: View, tab: TabView): boolean {
  return view === tab || (view === 'board' && tab === 'clients')
}
