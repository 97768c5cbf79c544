/**
 * Views of the connections: a list, a picture, or a board with a tile for each client address. The view is kept in
 * the URL as `?view=picture`, so it survives a reload and can be shared.
 */
export const VIEWS = ['list', 'picture', 'board'] as const

export type View = (typeof VIEWS)[number]

export function viewOf(search: string): View {
  const asked = new URLSearchParams(search).get('view')
  return VIEWS.find((view) => view === asked) ?? 'list'
}

/** @returns the address with this view and otherwise unchanged */
export function withView(href: string, view: View): string {
  const url = new URL(href)
  if (view === 'list') url.searchParams.delete('view')
  else url.searchParams.set('view', view)
  return url.href
}

/** Whether the page is in projector mode: `?projector`. */
export function isProjector(search: string): boolean {
  return new URLSearchParams(search).has('projector')
}

export function withProjector(href: string, on: boolean): string {
  const url = new URL(href)
  if (on) url.searchParams.set('projector', '')
  else url.searchParams.delete('projector')
  return url.href
}
