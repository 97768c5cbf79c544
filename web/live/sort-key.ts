import type { Endpoint } from '../../shared/endpoint.ts'

/**
 * A text whose order, by code units as `<` compares, is that of the addresses as numbers, IPv4 first, then that of the
 * ports: 16 bits a character.
 */
export function endpointKey({ address, port }: Endpoint): string {
  if (!address.includes(':')) {
    const [a, b, c, d] = address.split('.').map(Number)
    return String.fromCharCode(4, ((a ?? 0) << 8) | (b ?? 0), ((c ?? 0) << 8) | (d ?? 0), port)
  }
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const end = tail === '' ? [] : tail.split(':')
  while (groups.length + end.length < 8) groups.push('0')
  return String.fromCharCode(6, ...[...groups, ...end].map((group) => parseInt(group, 16)), port)
}

/** Sorts sockets by their remote endpoint: a kernel dump has no order and does not say which came first. */
export function byRemote(a: { remote: Endpoint }, b: { remote: Endpoint }): number {
  return endpointKey(a.remote) < endpointKey(b.remote) ? -1 : 1
}
