import { formatEndpoint, parseEndpoint, readAddress } from '../../shared/endpoint.ts'
import { TCP_STATES } from '../../shared/vocabulary.ts'
import { describeState } from '../text/messages.ts'
import type { Row } from '../live/row.ts'

export interface Filter {
  matches: (row: Row, now: number) => boolean
  /** True if rows match or stop matching as time passes. */
  timed: boolean
  empty: boolean
  /** Words that look like a term but are none: an unknown key, or a value the key does not accept. Searched as plain text. */
  misread: string[]
}

/** The keys of terms. */
export const TERM_STARTS = ['ip:', 'ip=', 'port:', 'state:', 'kernel:', 'protocol:', 'bytes>', 'bytes<', 'age>', 'age<']

type Term = (row: Row, now: number) => boolean

const SIZE_UNITS: Record<string, number> = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 }
const TIME_UNITS: Record<string, number> = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function quantity(text: string, units: Record<string, number>): number | null {
  const match = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text)
  const unit = units[match?.[2] ?? '?']
  return match && unit !== undefined ? Number(match[1]) * unit : null
}

function compare(operator: string, value: number, limit: number): boolean {
  return operator === '>' ? value > limit : value < limit
}

function stateTerm(value: string): Term | null {
  if (value === 'live') return (row) => row.live
  const state = ['open', 'half-closed', 'closed'].find((name) => value !== '' && name.startsWith(value))
  return state === undefined ? null : (row) => row.state === state
}

/** `kernel:time` finds TIME_WAIT; `kernel:none` finds connections without a socket in the kernel. */
function kernelTerm(value: string): Term | null {
  if (value === 'none') return (row) => row.kernel === null
  const states = TCP_STATES.filter((state) => state.toLowerCase().startsWith(value))
  return states.length === 0 ? null : (row) => row.kernel !== null && states.includes(row.kernel.tcpState)
}

/** `protocol:tls` by name, `protocol:example.com` by the requested server name, `protocol:none`: unknown. */
function protocolTerm(value: string): Term {
  if (value === 'none') return (row) => row.protocol === null
  return ({ protocol }) =>
    protocol !== null &&
    (protocol.name.toLowerCase().startsWith(value) || (protocol.serverName?.toLowerCase().includes(value) ?? false))
}

/** A complete endpoint or address is searched as it is written here: `[::ffff:10.0.0.1]:80` finds 10.0.0.1:80. */
function asWrittenHere(word: string): string {
  const endpoint = parseEndpoint(word)
  if (endpoint !== null) return formatEndpoint(endpoint)
  return word.startsWith('[') ? word : (readAddress(word) ?? word)
}

function plainText(typed: string): Term {
  const word = asWrittenHere(typed)
  return (row) =>
    row.text.includes(word) ||
    row.state.includes(word) ||
    describeState(row).toLowerCase().includes(word) ||
    (row.close !== null &&
      (row.close.how.includes(word) ||
        (row.close.reset !== null && 'reset'.includes(word)) ||
        (row.close.code?.toLowerCase().includes(word) ?? false)))
}

/** A key of letters and a value; IPv6 addresses contain colons too. */
function looksLikeTerm(word: string): boolean {
  return /^[a-z]+[:=<>]/.test(word) && !/^[0-9a-f]*:[0-9a-f.:]*$/.test(word)
}

/** In lower case, as the filter's text is: an interface's name may have capitals (`fe80::1%enP1`). */
function addressOf({ remote }: Row): string {
  return remote.address.toLowerCase()
}

/** @returns null if the word is not a term; it is then plain text */
function parseTerm(word: string): { term: Term; timed: boolean } | null {
  const [, key, operator, value] = /^(ip|port|state|kernel|protocol|bytes|age)([:=<>])(.+)$/.exec(word) ?? []
  if (key === undefined || operator === undefined || value === undefined) return null
  const address = readAddress(value) ?? value
  const timeless = (term: Term | null) => term && { term, timed: false }
  switch (`${key}${operator}`) {
    case 'ip:':
      return timeless((row) => addressOf(row).startsWith(address))
    case 'ip=':
      return timeless((row) => addressOf(row) === address)
    case 'port:':
      return timeless(/^\d{1,5}$/.test(value) ? (row) => row.remote.port === Number(value) : null)
    case 'state:':
      return timeless(stateTerm(value))
    case 'kernel:':
      return timeless(kernelTerm(value))
    case 'protocol:':
      return timeless(protocolTerm(value))
    case 'bytes>':
    case 'bytes<': {
      const limit = quantity(value, SIZE_UNITS)
      return timeless(limit === null ? null : (row) => compare(operator, row.bytesIn + row.bytesOut, limit))
    }
    case 'age>':
    case 'age<': {
      const limit = quantity(value, TIME_UNITS)
      return limit === null ? null : { term: (row, now) => compare(operator, row.ageMs(now), limit), timed: true }
    }
    default:
      return null
  }
}

/** The term for the connections of exactly one client address; empty: those with an unknown address. */
export function fromAddress(address: string): string {
  return address === '' ? 'port:0' : `ip=${address}`
}

/**
 * The filter language: a row must match every word. Terms: `ip:` (start of the remote address), `ip=` (exact),
 * `port:` (remote port), `state:`, `kernel:` (TCP state), `protocol:`, `bytes>` `bytes<` (both directions together),
 * `age>` `age<`. Any other word is searched in the number, the endpoints, the state and the close, in the page's
 * language.
 */
export function parseFilter(text: string): Filter {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const terms: Term[] = []
  const misread: string[] = []
  let timed = false
  for (const word of words) {
    const parsed = parseTerm(word)
    if (parsed) timed ||= parsed.timed
    else if (looksLikeTerm(word)) misread.push(word)
    terms.push(parsed?.term ?? plainText(word))
  }
  return { matches: (row, now) => terms.every((term) => term(row, now)), timed, empty: terms.length === 0, misread }
}
