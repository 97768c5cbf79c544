import type { Direction } from '../../shared/payload.ts'

export type ByteFormat = 'text' | 'hex'

/** The directions to show. */
export type Shown = Direction | 'both'

export function includes(shown: Shown, direction: Direction): boolean {
  return shown === 'both' || shown === direction
}
