import type { Place, StreamLayout } from '../layout.ts'
import type { Annotation } from './annotation.ts'
import type { Annotations } from './annotations.ts'

/** The messages that begin in a row. A chunk's head has those of its first row, where the bytes may leave no room. */
export function notesOf(place: Place, layout: StreamLayout, found: Annotations): Annotation[] {
  const { direction, offset } = place.chunk
  if (!place.head) return place.start === offset ? [] : found.between(direction, place.start, place.end)
  const first = layout.place(layout.headOf(place.chunk) + 1)
  return first === undefined || first.head ? [] : found.between(direction, offset, first.end)
}
