import type { Close } from './connection.ts'

/**
 * This part of the room for closed connections is kept for notable ones, so that a flood that closes in order pushes none of them
 * out. A rule of the server's list and of the page's.
 */
export const NOTABLE_SHARE = 1 / 4

/** Whether somebody may ask about this end later: it was not in order. */
export function isNotable({ how, reset }: Pick<Close, 'how' | 'reset'>): boolean {
  return how !== 'fin' || reset !== null
}
