/** The same connections, as a list, as a picture, or as a board of their addresses. Kept in the URL as `?view=picture`, so that it outlives a reload and can be sent. */
export const SHAPES = ['list', 'picture', 'board'] as const

export type Shape = (typeof SHAPES)[number]

export function shapeOf(search: string): Shape {
  const asked = new URLSearchParams(search).get('view')
  return SHAPES.find((shape) => shape === asked) ?? 'list'
}

/** @returns the address with that shape, all else as it is */
export function withShape(href: string, shape: Shape): string {
  const url = new URL(href)
  if (shape === 'list') url.searchParams.delete('view')
  else url.searchParams.set('view', shape)
  return url.href
}

/** Whether the page is shown to a room: `?projector`. */
export function isProjector(search: string): boolean {
  return new URLSearchParams(search).has('projector')
}

export function withProjector(href: string, on: boolean): string {
  const url = new URL(href)
  if (on) url.searchParams.set('projector', '')
  else url.searchParams.delete('projector')
  return url.href
}
