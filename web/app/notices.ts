import type { Counters, Listener } from '../../shared/stream.ts'
import type { PortProblem } from '../../shared/diagnosis.ts'
import type { ResetBy } from '../../shared/vocabulary.ts'
import { describeAddresses } from '../events/describe.ts'
import { countsOf, type Flood, sinceOf } from '../events/floods.ts'
import { LEASE_MS } from '../live/api.ts'
import type { Refusal } from '../live/refusal.ts'
import { formatCount, formatDuration, formatInterval, formatTime } from '../text/format.ts'
import { messages } from '../text/messages.ts'

export interface Notice {
  id:
    | 'token'
    | 'protocol'
    | 'address'
    | 'upgrade'
    | 'full'
    | 'lost'
    | 'down'
    | 'unresponsive'
    | 'limit'
    | 'behind'
    | 'proxy'
    | PortProblem['code']
    | 'held'
    | 'past-flood'
  severity: 'bad' | 'note'
  title: string
  detail: string
  /** The client address that causes it, if it is one. */
  address?: string
}

export interface Situation {
  lost: boolean
  lostAt: number | null
  /** The server announced that it was shutting down. */
  stopped: boolean
  refusal: Refusal | null
  /** The limit of readers that is reached, if that is why the page is refused. */
  readersLimit: number | null
  /** The page's host, with its port, as in the address bar. */
  host: string
  listener: Listener | null
  counters: Counters | null
  live: number
  /** Connections were refused within the last seconds, because the server could not keep up. */
  behind: boolean
  /** The remote address of every live connection, if they all have the same. */
  commonRemote: string | null
  /** A flood that is over and has not been dismissed. */
  pastFlood: Flood | null
}

/** The problems that a person has to know about, most severe first. */
export function notices(situation: Situation): Notice[] {
  const list: Notice[] = []
  const text = messages.app.notices
  const { listener, counters } = situation
  if (situation.refusal !== null || situation.lost) list.push(linkNotice(situation))
  if (!listener || !counters || situation.lost) return list
  if (listener.state === 'down') {
    list.push({
      id: 'down',
      severity: 'bad',
      title: text.downTitle,
      detail: text.downDetail(listener.fault === null ? text.downUnknown : asSentence(listener.fault)),
    })
  }
  if (listener.unresponsive) {
    list.push({
      id: 'unresponsive',
      severity: 'bad',
      title: text.unresponsiveTitle,
      detail: text.unresponsiveDetail(listener.pid),
    })
  }
  if (situation.live >= listener.maxConnections) {
    list.push({
      id: 'limit',
      severity: 'bad',
      title: text.limitTitle(formatCount(listener.maxConnections)),
      detail: text.limitDetail(counters.refused, formatCount(counters.refused)),
    })
  } else if (situation.behind) {
    list.push({
      id: 'behind',
      severity: 'bad',
      title: text.behindTitle,
      detail: text.behindDetail(formatCount(counters.refused)),
    })
  }
  for (const problem of listener.problems) list.push(portNotice(problem))
  if (situation.pastFlood?.over) list.push(floodNotice(situation.pastFlood, situation.pastFlood.over))
  if (listener.state === 'paused') {
    const detail = listener.pausedUntil === null ? text.heldForGood : text.heldByLease(LEASE_MS / 1000)
    list.push({ id: 'held', severity: 'note', title: text.heldTitle, detail: `${text.heldDetail} ${detail}` })
  }
  if (listener.containerGateway !== null && situation.commonRemote === listener.containerGateway) {
    list.push({
      id: 'proxy',
      severity: 'note',
      title: text.proxyTitle(listener.containerGateway),
      detail: text.proxyDetail(onHostNetwork(listener)),
    })
  }
  return list
}

/** The default port needs no variable. */
const DEFAULT_PORT = 8080

function onHostNetwork({ local }: Listener): string {
  const variable = local.port === DEFAULT_PORT ? '' : `ONEPORT_PORT=${local.port} `
  return `${variable}docker compose -f compose.host.yml up`
}

function portNotice({ code, since, evidence }: PortProblem): Notice {
  const text = messages.app.notices
  const { connections, before = 0, limit = 0, address = '', longestMs = 0, perSecond = 0 } = evidence
  const formatted = formatCount(connections)
  if (code === 'accept-queue-full') {
    const detail = text.queueFullDetail(formatTime(since), formatted, formatCount(limit))
    return { id: code, severity: 'bad', title: text.queueFullTitle, detail }
  }
  if (code === 'flooding') {
    const detail = text.floodingDetail(formatted, formatTime(since), formatCount(perSecond))
    return { id: code, severity: 'note', title: text.floodingTitle(address), detail, address }
  }
  if (code === 'reconnecting') {
    const resets = (['peer', 'server'] as const).map((by) => resetsBy(by, evidence)).join('')
    const detail = text.reconnectingDetail(connections, formatted, formatInterval(longestMs), resets)
    return { id: code, severity: 'note', title: text.reconnectingTitle(address), detail, address }
  }
  const detail = text.growingDetail(connections, formatted, formatCount(before))
  return { id: code, severity: 'note', title: text.growingTitle, detail }
}

function floodNotice(flood: Flood, over: NonNullable<Flood['over']>): Notice {
  const text = messages.app.notices
  const since = sinceOf(flood)
  const { connections, refused } = countsOf(flood)
  const span = (over.seen ? text.pastFloodSpan : text.pastFloodLastSeen)(
    formatTime(since),
    formatTime(over.at),
    formatDuration(over.at - since),
  )
  const detail = text.pastFloodDetail(
    span,
    formatCount(connections),
    describeAddresses(flood),
    refused === 0 ? null : formatCount(refused),
  )
  return { id: 'past-flood', severity: 'note', title: text.pastFloodTitle, detail }
}

/** How many connections of a run this side reset, in words; empty if none. */
function resetsBy(by: ResetBy, { connections, clientResets = 0, serverResets = 0 }: PortProblem['evidence']): string {
  const count = { peer: clientResets, server: serverResets }[by]
  const { all, some } = messages.app.notices.resets
  if (count === 0) return ''
  return count === connections ? all[by] : some[by](formatCount(count))
}

function linkNotice({ refusal, readersLimit, host, lostAt, stopped, listener }: Situation): Notice {
  const text = messages.app.link
  if (refusal === 'token') return { id: 'token', severity: 'note', title: text.tokenTitle, detail: text.tokenDetail }
  if (refusal === 'wrong-token') {
    return { id: 'token', severity: 'bad', title: text.wrongTokenTitle, detail: text.wrongTokenDetail }
  }
  if (refusal === 'protocol') {
    return { id: 'protocol', severity: 'bad', title: text.protocolTitle, detail: text.protocolDetail }
  }
  if (refusal === 'full' || refusal === 'address-full') {
    const detail = refusal === 'full' ? text.fullDetail : text.addressFullDetail
    return { id: 'full', severity: 'bad', title: text.fullTitle, detail: detail(formatCount(readersLimit ?? 0)) }
  }
  if (refusal === 'address') {
    return { id: 'address', severity: 'bad', title: text.addressTitle, detail: text.addressDetail(host) }
  }
  if (refusal === 'upgrade') {
    return { id: 'upgrade', severity: 'bad', title: text.upgradeTitle, detail: text.upgradeDetail }
  }
  if (listener === null || lostAt === null) {
    return { id: 'lost', severity: 'bad', title: text.neverTitle, detail: text.neverDetail }
  }
  const title = stopped ? text.stoppedTitle : text.lostTitle
  return { id: 'lost', severity: 'bad', title, detail: text.lostDetail(formatTime(lostAt)) }
}

function asSentence(fault: string): string {
  const start = fault.charAt(0).toUpperCase() + fault.slice(1)
  return /[.!?]$/.test(start) ? start : `${start}.`
}
