import { readFileSync } from 'node:fs'

/** Where descriptors are short, each address gets this part of the ports: the first addresses use theirs up, and the last still connects. */
const PARTS = 3
/** Linux's own, if /proc is missing (ip(7)). */
const EPHEMERAL = { first: 32_768, last: 60_999 }

export interface CrowdPlan {
  ports: { first: number; last: number }
  /** Fewer than the machine's own. */
  limited: boolean
}

/** Which client ports to use: the machine's, if the crowd is larger than what one address has of them. */
export function planOf(wanted: number): CrowdPlan {
  const { first, last } = ephemeralPorts()
  if (wanted > last - first + 1) return { ports: { first, last }, limited: false }
  return { ports: { first, last: first + Math.ceil(wanted / PARTS) - 1 }, limited: true }
}

function ephemeralPorts(): CrowdPlan['ports'] {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1')
    const [first = EPHEMERAL.first, last = EPHEMERAL.last] = text.trim().split(/\s+/).map(Number)
    return { first, last }
  } catch {
    return EPHEMERAL
  }
}
