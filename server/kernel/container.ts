import { existsSync, readFileSync } from 'node:fs'

/**
 * Inside a container: the IPv4 address of the default gateway, which the proxy of a published port shows as the
 * client. Null outside a container or without a default route.
 */
export function containerGateway(): string | null {
  if (!existsSync('/.dockerenv') && !existsSync('/run/.containerenv')) return null
  try {
    const routes = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)
    for (const route of routes) {
      const [, destination, gateway] = route.split('\t')
      if (destination === '00000000' && gateway !== undefined && gateway !== '00000000') return fromHex(gateway)
    }
  } catch {
    // Without /proc nothing is known.
  }
  return null
}

/** /proc/net/route prints addresses in the machine's byte order, which is little-endian here. */
function fromHex(hex: string): string {
  return [...Buffer.from(hex, 'hex')].toReversed().join('.')
}
