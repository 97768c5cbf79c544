import type { ProblemCode } from '../../shared/diagnosis.ts'
import { readingStopped } from '../../shared/record.ts'
import type { Behavior } from '../../shared/vocabulary.ts'
import { messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'

/** An action of oneport that a fix advises. */
export type FixAction = 'resume-reading' | 'fin' | 'reset' | 'resume-accepting'

export interface Fix {
  text: string
  /** Null: only the client, the network or the server program can do it. */
  action: FixAction | null
}

/** What to do about a problem of a live connection. @param portBehavior null: not known yet */
export function fixOf(code: ProblemCode, row: Row, portBehavior: Behavior | null): Fix {
  const { fix } = messages.connection
  const silent = (row.behavior ?? portBehavior) === 'silent'
  if (code === 'not-closed' && silent) return { text: fix.silent, action: 'fin' }
  if (code === 'unread' && readingStopped(row)) return resumeReading()
  return { text: fix[code], action: ACTIONS[code] ?? null }
}

export function resumeReading(): Fix {
  return { text: messages.connection.fix.resumeReading, action: 'resume-reading' }
}

/** What to do about a client that hasn't answered the server's FIN with its own. @param live the server program still has the connection */
export function clientsTurn(live: boolean): Fix {
  const { clientsTurn, clientsTurnAfterClose } = messages.connection.fix
  return { text: live ? clientsTurn : clientsTurnAfterClose, action: null }
}

/** What to do about a client that has sent RST. */
export function checkResetter(): Fix {
  return { text: messages.connection.fix.clientReset, action: null }
}

const ACTIONS: Partial<Record<ProblemCode, FixAction>> = { waiting: 'resume-accepting', vanished: 'reset' }
