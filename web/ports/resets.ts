import type { Connection } from '../../shared/connection.ts'

/** How many connections have closed with RST, as the filter `reset:any` finds them. */
export function countResets(connections: Iterable<Pick<Connection, 'close'>>): number {
  let count = 0
  for (const { close } of connections) if (close !== null && close.reset !== null) count++
  return count
}
