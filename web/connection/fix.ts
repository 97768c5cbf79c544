import type { ProblemCode } from '../../shared/diagnosis.ts'
import { readingStopped } from '../../shared/record.ts'
import type { Behavior } from '../../shared/vocabulary.ts'
import { messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'

/** What to do about a problem of a live connection. @param portBehavior null: not known yet */
export function fixOf(code: ProblemCode, row: Row, portBehavior: Behavior | null): string {
  const { fix } = messages.connection
  const silent = (row.behavior ?? portBehavior) === 'silent'
  if (code === 'not-closed' && silent) return fix.silent
  if (code === 'unread' && readingStopped(row)) return fix.resumeReading
  return fix[code]
}
