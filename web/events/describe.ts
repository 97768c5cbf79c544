import { type PortProblem, SEVERITY, type Severity } from '../../shared/diagnosis.ts'
import { formatEndpoint, isUnknownEndpoint } from '../../shared/endpoint.ts'
import { describeAction } from '../act/describe.ts'
import { formatCount, formatInterval, formatTime } from '../text/format.ts'
import { describeClose, messages } from '../text/messages.ts'
import { addressOf, type PortEvent } from './event.ts'
import { countsOf, type Flood } from './floods.ts'
import type { Line } from './lines.ts'
import type { PortNews } from './port-news.ts'
import { foldedIn } from './rows.ts'

/** What happened, in a few words. */
export function describeEvent(event: PortEvent): string {
  switch (event.kind) {
    case 'accepted':
      return messages.stream.events.accept
    case 'half-closed':
      return messages.stream.events.fin.peer
    case 'closed':
      return describeClose(event.close)
    case 'problem':
      return messages.live.problems[event.code]
    case 'problem-over':
      return messages.events.problemOver(messages.live.problems[event.code])
    case 'action':
      return describeAction(event.action)
    case 'refused':
      return messages.events.refused[event.why]
    case 'port':
      return describeNews(event.news)
    case 'flood': {
      const { connections, refused } = countsOf(event.flood)
      return messages.events.flood(formatCount(connections), refused === 0 ? null : formatCount(refused))
    }
  }
}

function describeNews(news: PortNews): string {
  const text = messages.events.port
  switch (news.what) {
    case 'behavior':
      return text.behavior(news.behavior)
    case 'greeting':
      return text.greeting(messages.app.languages[news.language])
    case 'down':
      return news.fault === null ? text.down : `${text.down}: ${news.fault}`
    case 'restarted':
      return text.restarted(news.pid)
    case 'problem':
      return describePortProblem(news.problem)
    case 'problem-over':
      return messages.events.problemOver(describePortProblem(news.problem))
    case 'gap':
      return text.gap(formatTime(news.until))
    case 'server-restarted':
      return text.serverRestarted(formatTime(news.until))
    default:
      return text[news.what]
  }
}

function describePortProblem({ code, evidence }: PortProblem): string {
  const { queueFullTitle, growingTitle, reconnectingTitle, floodingTitle } = messages.app.notices
  const address = evidence.address ?? ''
  switch (code) {
    case 'accept-queue-full':
      return queueFullTitle
    case 'not-closed-growing':
      return growingTitle
    case 'reconnecting':
      return reconnectingTitle(address)
    case 'flooding':
      return floodingTitle(address)
  }
}

/** A line that stands for many events. */
export function describeFold({ event, count }: Line): string {
  return event.kind === 'flood' ? describeEvent(event) : messages.events.many(formatCount(count), describeEvent(event))
}

/** How long a line lasted; of a flood, also how many events it stands for. @param brief not that, which unfolding the line tells */
export function describeSpan(line: Line, brief = false): string {
  const text = messages.events
  const { event, at, until } = line
  if (event.kind !== 'flood') return until === at ? text.sameTime : text.within(formatInterval(until - at))
  if (brief) return describeEnd(event.flood)
  const folded = foldedIn(line)
  return `${describeEnd(event.flood)} · ${text.folded(folded, formatCount(folded))}`
}

function describeEnd({ over }: Flood): string {
  const text = messages.events
  if (over === null) return text.goingOn
  return (over.seen ? text.until : text.lastSeen)(formatTime(over.at))
}

/** The client of one event. */
export function describeClient(event: PortEvent): string {
  const remote = event.kind === 'refused' ? event.remote : event.row?.remote
  if (remote === undefined) return ''
  return isUnknownEndpoint(remote) ? messages.live.unknownRemote : formatEndpoint(remote)
}

/** The address or addresses of a line that stands for many events. */
export function describeClients({ event }: Line): string {
  return event.kind === 'flood' ? describeAddresses(event.flood) : (addressOf(event) ?? messages.events.unknownAddress)
}

/** Where a flood came from. */
export function describeAddresses({ addresses }: Flood): string {
  const [first = '', ...others] = addresses.keys()
  return others.length === 0 ? first : messages.events.andOthers(first, formatCount(others.length))
}

/** The mark of what was done by hand, which an attempt that failed does not share. Null: another kind of event. */
export function handMark(event: PortEvent): 'own' | 'failed' | null {
  if (event.kind === 'action') return event.action.code === null ? 'own' : 'failed'
  if (event.kind !== 'port') return null
  return ['behavior', 'rules', 'greeting', 'stopped', 'resumed'].includes(event.news.what) ? 'own' : null
}

/** How bad it is. Null: no problem. */
export function severityOf(event: PortEvent): Severity | null {
  if (event.kind === 'problem') return SEVERITY[event.code]
  if (event.kind === 'flood') return 'warning'
  if (event.kind !== 'port') return null
  const { news } = event
  if (news.what === 'problem') return news.problem.code === 'accept-queue-full' ? 'critical' : 'warning'
  if (news.what === 'down' || news.what === 'unresponsive') return 'critical'
  return ['restarted', 'server-restarted', 'gap'].includes(news.what) ? 'warning' : null
}
