import { type Endpoint, formatEndpoint } from '../../shared/endpoint.ts'

/** The first line a client gets: its own 4-tuple. */
export function greeting(id: number, local: Endpoint, remote: Endpoint, others: number): Buffer {
  return Buffer.from(
    `You are ${formatEndpoint(remote)}, connected to ${formatEndpoint(local)} as connection ${id}; ${company(others)}.\n`,
  )
}

function company(others: number): string {
  if (others === 0) return 'no other connection shares this port'
  return others === 1 ? '1 other connection shares this port' : `${others} other connections share this port`
}
