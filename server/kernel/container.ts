import { existsSync, readFileSync } from 'node:fs'

/**
 * In a container: the IPv4 address of the default gateway, which is what a published port's proxy shows as the client.
 * Null outside of a container or without a default route.
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
    // No /proc: nothing can be said.
  }
  return null
}

/** /proc/net/route prints addresses in the machine's byte order, which is little-endian here. */
function fromHex(hex: string): string {
  return [...Buffer.from(hex, 'hex')].toReversed().join('.')
}
