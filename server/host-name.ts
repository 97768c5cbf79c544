import { readAddress, withoutZone } from '../shared/endpoint.ts'

/**
 * Normalizes a Host header as browsers do: lower case, decimal and hexadecimal addresses resolved, no final dot, no
 * port. An IPv4 address mapped into IPv6 becomes IPv4, as everywhere here.
 * @returns null if the text is not a host
 */
export function hostName(host: string): string | null {
  // The zone of a link-local address is for the sender only (RFC 6874), and URLs have none.
  const url = `http://${host.replace(/%[^\]]*(?=\])/, '')}`
  if (host === '' || /[/?#@\\\s]/.test(host) || !URL.canParse(url)) return null
  const name = new URL(url).hostname.replace(/\.$/, '')
  return readAddress(name) ?? name
}

/**
 * The host that an `--allow-host` stands for, as `hostName` writes it. An IPv6 address may lack its brackets.
 * @returns null if no browser would send such a host, as for a URL or a wildcard
 */
export function allowedHost(text: string): string | null {
  const address = readAddress(text)
  if (address !== null) return withoutZone(address)
  const name = hostName(text)
  const isHost = name !== null && (readAddress(name) !== null || /^[\w-]+(\.[\w-]+)*$/.test(name))
  return isHost ? name : null
}
