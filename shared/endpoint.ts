export interface Endpoint {
  address: string
  port: number
}

const MAPPED = '::ffff:'

/**
 * An IPv4 client of a dual-stack socket arrives as `::ffff:127.0.0.1` (RFC 4291, 2.5.5.2); people know it as `127.0.0.1`.
 */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4
}

/** `127.0.0.1:50000`, `[::1]:50000` (RFC 3986, 3.2.2). */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Stands for a client's address that could no longer be read, in the family of our own. */
export function unspecifiedLike(address: string): string {
  return address.includes(':') ? '::' : '0.0.0.0'
}

/** True when the client's endpoint could no longer be read at accept: it had reset the connection by then. */
export function isUnknownEndpoint({ address, port }: Endpoint): boolean {
  return port === 0 && (address === '0.0.0.0' || address === '::')
}

/** `127.0.0.1:50000`, `[::1]:50000`; null for anything else. Whether the address is one is for the caller to check. */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text)
  const address = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return address === undefined || port > 65_535 ? null : { address, port }
}
