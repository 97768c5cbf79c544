import { parseFilter } from '../../shared/filter/filter.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { shownText } from '../list/shown-text.ts'
import type { Row } from '../live/row.ts'
import { describeState, messages } from '../text/messages.ts'
import type { Command } from './commands.ts'

/** More would not be read; the list shows them all. */
const SHOWN_MAX = 6

export interface Found {
  commands: Command[]
  /** More match than are shown. */
  more: boolean
}

export interface Searched {
  rows: Iterable<Row>
  /** Unix milliseconds. */
  now: number
  /** How many connections the server has accepted. It may know one that the page lacks. */
  accepted: number
}

/** Connections by their number (`12`, `#12`), or by any filter. */
export function findConnections({ rows, now, accepted }: Searched, text: string, open: (id: number) => void): Found {
  const number = /^#?(\d+)$/.exec(text.trim())?.[1]
  const filter = parseFilter(text, { shown: shownText })
  const commands: Command[] = []
  let more = false
  let numbered = false
  if (filter.empty || filter.fault !== null) return { commands, more }
  for (const row of rows) {
    if (String(row.id) === number) {
      commands.unshift(commandOf(row, open))
      numbered = true
    } else if (filter.matches(row, now)) {
      if (commands.length < SHOWN_MAX) commands.push(commandOf(row, open))
      else more = true
    }
  }
  const id = Number(number)
  if (!numbered && id > 0 && id <= accepted) {
    commands.unshift({
      id: `connection-${id}`,
      group: 'connection',
      label: messages.palette.numbered(String(id)),
      run: () => open(id),
    })
  }
  more ||= commands.length > SHOWN_MAX
  return { commands: commands.slice(0, SHOWN_MAX), more }
}

function commandOf(row: Row, open: (id: number) => void): Command {
  const { id, problem } = row
  const state = problem === null ? describeState(row) : messages.live.problems[problem.code]
  return {
    id: `connection-${id}`,
    group: 'connection',
    label: `#${id}  ${formatEndpoint(row.remote)}  ${state}`,
    run: () => open(id),
  }
}
