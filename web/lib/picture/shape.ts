/** The same connections, as a list or as a picture. Kept in the URL as `?view=picture`, so that it outlives a reload and can be sent. */
export type Shape = 'list' | 'picture'

export function shapeOf(search: string): Shape {
  return new URLSearchParams(search).get('view') === 'picture' ? 'picture' : 'list'
}

/** @returns the address with that shape, all else as it is */
export function withShape(href: string, shape: Shape): string {
  const url = new URL(href)
  if (shape === 'list') url.searchParams.delete('view')
  else url.searchParams.set('view', shape)
  return url.href
}
