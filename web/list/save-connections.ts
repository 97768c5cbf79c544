import { saveAs } from '../ui/save.ts'
import type { Row } from '../live/row.ts'
import { exportConnections, type ExportFormat, exportName } from './export.ts'

/** Saves the connections to a file. */
export async function saveConnections(rows: readonly Row[], format: ExportFormat, port: number): Promise<void> {
  saveAs(await exportConnections(rows, format), exportName(port, new Date(), format))
}
