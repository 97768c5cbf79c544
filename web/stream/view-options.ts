import type { Direction } from '../../shared/payload.ts'

export type ByteFormat = 'text' | 'hex'

/** `all`: bytes and events. A direction: only its bytes. */
export type Shown = 'all' | Direction | 'events'

/** The direction to which the choice is limited. */
export function onlyDirection(shown: Shown): Direction | undefined {
  return shown === 'in' || shown === 'out' ? shown : undefined
}

export function includes(shown: Shown, direction: Direction): boolean {
  return shown === 'all' || shown === direction
}
