import type { RefusedWhy } from '../../../shared/vocabulary.ts'
import { plural } from './plural.ts'

/** Texts of the log of everything that happens on the port. */
export const eventsMessages = {
  label: 'Events of the port, newest first',
  columns: { at: 'Time', connection: '#', client: 'Client', what: 'Event' },
  open: (id: string) => `Open connection ${id}`,
  /** A line that opens nothing. */
  past: (id: string) => `Connection ${id} belonged to the run before the server was restarted`,
  problemOver: (problem: string) => `Over: ${problem}`,
  refused: {
    'max-connections': 'Refused: connection limit reached',
    behind: 'Refused: connections arrive too fast',
  } satisfies Record<RefusedWhy, string>,
  port: {
    behavior: (name: string) => `Behavior of the port set to ${name}`,
    rules: 'Rules of scripted changed',
    greeting: (language: string) => `Greeting language set to ${language}`,
    stopped: 'Accepting stopped',
    resumed: 'Accepting resumed',
    stopping: 'The server is shutting down. The port is closed',
    down: 'The port stopped accepting connections',
    restarted: (pid: number | null) => `Listener process restarted${pid === null ? '' : ` (PID ${pid})`}`,
    unresponsive: 'The listener process doesn’t respond',
    responds: 'The listener process responds again',
    serverRestarted: (time: string) =>
      `The server was restarted between this time and ${time}. Connection numbers start again at 1.`,
    gap: (time: string) => `No link to the server until ${time}. Events may be missing or dated later.`,
  },
  /** A line that stands for many equal events. */
  many: (formatted: string, what: string) => `${formatted} × ${what}`,
  within: (formatted: string) => `in ${formatted}`,
  sameTime: 'at the same time',
  flood: (connections: string, refused: string | null) =>
    `Flood: at least ${connections} connections${refused === null ? '' : `, ${refused} refused`}`,
  goingOn: 'still going',
  until: (time: string) => `until ${time}`,
  lastSeen: (time: string) => `last seen at ${time}`,
  folded: (count: number, formatted: string) =>
    `${formatted} ${plural(count, { one: 'event', other: 'events' })} folded`,
  newest: (formatted: string, all: string) => `The page keeps only the newest ${formatted} of ${all}.`,
  unknownAddress: 'unknown address',
  andOthers: (address: string, others: string) => `${address} and ${others} more`,
  unfold: (what: string) => `Show the events: ${what}`,
  waiting: (count: number, formatted: string) => `${formatted} new ${plural(count, { one: 'event', other: 'events' })}`,
  nothing: 'Nothing has happened yet.',
  noMatch: 'No event of a connection that matches the filter.',
  from: (time: string) =>
    `This log begins at ${time}, when the page connected. Earlier events come only from live connections and those that closed last.`,
  kept: (connections: string, findings: string, port: string) =>
    `The page keeps the newest ${connections} lines about connections, ${findings} about problems and actions, ${port} about the port.`,
  dropped: (count: number, formatted: string) =>
    `${formatted} older ${plural(count, { one: 'event is', other: 'events are' })} no longer kept.`,
}
