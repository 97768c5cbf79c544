import { formatEndpoint } from '../../shared/endpoint.ts'
import type { JoinFacts } from '../../shared/join.ts'

/** Why a link may fail: other machines cannot reach the address, or the server refuses the host name (docs/api.md, Access). */
export type JoinProblem = 'unreadable' | 'loopback' | 'refused'

/** The part of `location` that tells how this page was reached. */
export type Here = Pick<Location, 'protocol' | 'hostname' | 'host' | 'port' | 'pathname'>

/** Addresses to offer, best first: how this page was reached, then allowed host names, then the machine's own addresses. */
export function addressesOf({ addresses, allowHosts, port }: JoinFacts, here: Here): string[] {
  const withPort = (host: string) => formatEndpoint({ address: host, port })
  // An address without a port means the scheme's default port, so the scheme must be kept.
  // Below a path of a proxy, the page's relative links need the final slash.
  const folder = here.pathname.replace(/[^/]*$/, '').replace(/^\/$/, '')
  const reached = `${here.port === '' ? `${here.protocol}//` : ''}${here.host}${folder}`
  const own = [...allowHosts, ...addresses].map((host) => (/:\d+$/.test(host) && !isIpv6(host) ? host : withPort(host)))
  return [...new Set(isLoopback(here.hostname) ? own : [reached, ...own])]
}

/**
 * @param typed a host, with a port unless it is the dashboard's, or a complete URL
 * @returns null if the text is neither
 */
export function joinUrl(typed: string, { port }: Pick<JoinFacts, 'port'>): URL | null {
  const text = typed.trim()
  const hasScheme = /^https?:\/\//i.test(text)
  const href = hasScheme ? text : `http://${isIpv6(text) ? `[${text}]` : text}`
  if (text === '' || /\s/.test(text) || !URL.canParse(href)) return null
  const url = new URL(href)
  if (url.username !== '' || url.hostname === '') return null
  if (!hasScheme && url.port === '') url.port = String(port)
  url.search = ''
  url.hash = ''
  return url
}

/** The token is in the fragment, which is never sent to a server or logged (live/token.ts). */
export function joinLink(url: URL, token: string | null): string {
  return token === null ? url.href : `${url.href}#token=${encodeURIComponent(token)}`
}

export function problemOf(url: URL | null, { addresses, allowHosts }: JoinFacts, here: Here): JoinProblem | null {
  if (url === null) return 'unreadable'
  const host = plainHost(url.hostname)
  if (isLoopback(host)) return 'loopback'
  const known = [...addresses, ...allowHosts, here.hostname].map(plainHost)
  return known.includes(host) ? null : 'refused'
}

export function plainHost(host: string): string {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return isIpv6(name) ? name : name.replace(/:\d+$/, '').replace(/\.$/, '')
}

function isLoopback(host: string): boolean {
  const plain = plainHost(host)
  return plain === 'localhost' || plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain)
}

function isIpv6(text: string): boolean {
  return /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(text)
}
