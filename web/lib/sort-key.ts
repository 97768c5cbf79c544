import type { Endpoint } from '../../shared/endpoint.ts'

/** A text whose order is that of the addresses as numbers, IPv4 first, then that of the ports. */
export function endpointKey({ address, port }: Endpoint): string {
  const portKey = String(port).padStart(5, '0')
  if (!address.includes(':')) {
    return `4${address
      .split('.')
      .map((octet) => octet.padStart(3, '0'))
      .join('')}${portKey}`
  }
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  const end = tail === undefined || tail === '' ? [] : tail.split(':')
  while (groups.length + end.length < 8) groups.push('0')
  return `6${[...groups, ...end].map((group) => group.padStart(4, '0')).join('')}${portKey}`
}
