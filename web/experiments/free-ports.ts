import type { ClientRequest } from '../../shared/client.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'

/** The experiments' own ports are 1 apart, so that they stay different after a step. */
const STEP = 10
const STEPS = 1_000

/**
 * The clients, with ports that are free: all of them moved up by the same number, so that equal ports stay equal. Without
 * this, a client of somebody else that uses the same endpoint would spoil the experiment.
 */
export function withFreePorts(clients: readonly ClientRequest[], rows: Iterable<Row>): ClientRequest[] {
  if (!clients.some(({ from }) => from?.port !== undefined)) return [...clients]
  const taken = new Set<string>()
  // After FIN, the client's side may still be in TIME_WAIT.
  for (const { remote, close } of rows) if (close?.how !== 'reset') taken.add(formatEndpoint(remote))
  for (let step = 0; step < STEPS; step++) {
    const moved = clients.map((client) => moveUp(client, step * STEP))
    if (!moved.some((client) => taken.has(endOf(client)))) return moved
  }
  return [...clients]
}

/** The live connection that already has the 4-tuple this client asked for. */
export function inTheWay({ from, to }: ClientRequest, rows: Iterable<Row>): Row | null {
  for (const row of rows) {
    const { remote, local, live } = row
    if (live && remote.port === from?.port && remote.address === from.address && local.address === to?.address)
      return row
  }
  return null
}

function moveUp(client: ClientRequest, by: number): ClientRequest {
  const { from } = client
  return from?.port === undefined ? client : { ...client, from: { ...from, port: from.port + by } }
}

function endOf({ from }: ClientRequest): string {
  return formatEndpoint({ address: from?.address ?? '', port: from?.port ?? 0 })
}
