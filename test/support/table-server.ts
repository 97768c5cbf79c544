import { onTestFinished } from 'vitest'
import type { Hub } from '../../server/table/hub.ts'
import type { ConnectionTable } from '../../server/table/table.ts'
import { listenTable } from './served-table.ts'

export { comeAndGo } from './served-table.ts'

/** Serves the dashboard for a table that the test fills, until the end of the test. Returns the port. */
export async function serveTable(table: ConnectionTable, hub: Hub): Promise<number> {
  const { http, port } = await listenTable(table, hub)
  onTestFinished(() => http.close())
  return port
}
