import type { Place } from '../layout.ts'
import type { Annotation } from './annotation.ts'
import type { Annotations } from './annotations.ts'

/** The messages that begin in a row. Those of a chunk's first row are in the row above it, if there is one for them. */
export function notesOf(place: Place, found: Annotations): Annotation[] {
  if (place.kind === 'notes') return found.between(place.chunk.direction, place.chunk.offset, place.end)
  if (place.kind !== 'bytes') return []
  const namedAbove = place.start === place.chunk.offset && place.time === null
  return namedAbove ? [] : found.between(place.chunk.direction, place.start, place.end)
}
