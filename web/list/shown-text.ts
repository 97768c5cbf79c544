import type { Connection } from '../../shared/connection.ts'
import { describeState, messages } from '../text/messages.ts'

/** What a row shows in words of the page's language. */
export function shownText(connection: Connection): string {
  const { problem } = connection
  return [describeState(connection), problem === null ? '' : messages.live.problems[problem.code]].join('\n')
}
