import type { RefusedWhy } from '../../../shared/vocabulary.ts'
import { plural } from './plural.ts'

/** Texts of the log of everything that happens on the port. */
export const eventsMessages = {
  label: 'Events of the port, newest first',
  columns: { at: 'Time', connection: '#', client: 'Client', what: 'Event' },
  open: (id: string) => `Open connection ${id}`,
  problemOver: (problem: string) => `Over: ${problem}`,
  refused: {
    'max-connections': 'Refused: connection limit reached',
    behind: 'Refused: connections arrive too fast',
  } satisfies Record<RefusedWhy, string>,
  behavior: (name: string) => `Behavior of the port set to ${name}`,
  waiting: (count: number, formatted: string) => `${formatted} new ${plural(count, { one: 'event', other: 'events' })}`,
  nothing: 'Nothing has happened yet.',
  noMatch: 'No event of a connection that matches the filter.',
  kept: (formatted: string) => `The page keeps the newest ${formatted} events.`,
}
