import { addressKey, familyOf, readAddress, withoutZone } from '../endpoint.ts'

/** Whether an address, without a zone, belongs to a set of addresses. */
export type AddressTest = (address: string) => boolean

/** Reads `10.0.0.0/8` or `2001:db8::/32` (RFC 4632, RFC 4291). @returns null for anything else */
export function readNetwork(text: string): AddressTest | null {
  const [, start = '', digits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const address = plain(start)
  if (address === null) return null
  const family = familyOf(address)
  // `::ffff:10.0.0.0/104` is the IPv4 network 10.0.0.0/8.
  const bits = Number(digits) - (family === 4 && start.includes(':') ? 96 : 0)
  if (bits < 0 || bits > (family === 4 ? 32 : 128)) return null
  const network = addressKey(address)
  return (other) => familyOf(other) === family && sameBits(addressKey(other), network, bits)
}

/** Reads `10.0.0.1-10.0.0.20`, both ends included. @returns null for anything else */
export function readRange(text: string): AddressTest | null {
  const [from = '', to = '', ...more] = text.split('-')
  const [first, last] = [plain(from), plain(to)]
  if (first === null || last === null || more.length > 0 || familyOf(first) !== familyOf(last)) return null
  const [low, high] = [addressKey(first), addressKey(last)]
  return low > high ? null : (other) => isBetween(addressKey(other), low, high)
}

function isBetween(key: string, low: string, high: string): boolean {
  return key.length === low.length && low <= key && key <= high
}

/** Keys have 16 bits in each character. */
function sameBits(a: string, b: string, bits: number): boolean {
  for (let at = 0; at * 16 < bits; at++) {
    const unused = Math.max(0, 16 - (bits - at * 16))
    if (a.charCodeAt(at) >> unused !== b.charCodeAt(at) >> unused) return false
  }
  return true
}

function plain(text: string): string | null {
  const address = readAddress(text)
  return address === null ? null : withoutZone(address)
}
