import { PROGRESS_FIELDS, type ProgressField, recordOf } from '../../shared/record.ts'
import type { Row } from '../live/row.ts'
import { csvLine } from '../ui/csv.ts'

export const EXPORT_FORMATS = ['csv', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The connections in the list, or the selected ones. */
export const EXPORTED = ['listed', 'picked'] as const
export type Exported = (typeof EXPORTED)[number]

type Column = [name: string, of: (row: Row) => unknown]

/** Times are ISO 8601 in UTC, which spreadsheets read. The names are those of the API's record. */
const COLUMNS: readonly Column[] = [
  ['id', (row) => row.id],
  ['state', (row) => row.state],
  ['family', (row) => row.family],
  ['localAddress', (row) => row.local.address],
  ['localPort', (row) => row.local.port],
  ['remoteAddress', (row) => row.remote.address],
  ['remotePort', (row) => row.remote.port],
  ['protocol', (row) => row.protocol?.name],
  ['serverName', (row) => row.protocol?.serverName],
  ['pid', (row) => row.pid],
  ['fd', (row) => row.fd],
  ['openedAt', (row) => time(row.openedAt)],
  ['lastActivityAt', (row) => time(row.lastActivityAt)],
  ...PROGRESS_FIELDS.flatMap(progressColumn),
  ['problem', (row) => row.problem?.code],
  ['problemSince', (row) => time(row.problem?.since)],
  ['actions', (row) => row.actions.length],
  ['closedAt', (row) => time(row.close?.at)],
  ['closedBy', (row) => row.close?.by],
  ['closedHow', (row) => row.close?.how],
  ['closeReset', (row) => row.close?.reset],
  ['closeCertain', ({ close }) => (close?.finPossible ? false : close?.evidence?.certain)],
  ['closeCode', (row) => row.close?.code],
  ['kernelTcpState', (row) => row.kernel?.tcpState],
  ['kernelInode', (row) => row.kernel?.inode],
  ['kernelRecvQueue', (row) => row.kernel?.recvQueue],
  ['kernelSendQueue', (row) => row.kernel?.sendQueue],
  ['kernelSendWindow', (row) => row.kernel?.sendWindow],
  ['kernelRttMs', (row) => row.kernel?.rttMs],
  ['kernelRetransmits', (row) => row.kernel?.retransmits],
  ['kernelCongestionWindow', (row) => row.kernel?.congestionWindow],
  ['kernelTimer', (row) => row.kernel?.timer?.name],
  ['kernelTimerEndsAt', (row) => time(row.kernel?.timer?.endsAt)],
  ['kernelSampledAt', (row) => time(row.kernel?.sampledAt)],
]

/** Rows per slice; after each slice the page can react to input. */
const SLICE = 500

const TYPES: Record<ExportFormat, string> = { csv: 'text/csv;charset=utf-8', json: 'application/json' }

/** The current records with the kernel's facts: CSV with a header, or a JSON array of API records. */
export async function exportConnections(rows: readonly Row[], format: ExportFormat): Promise<Blob> {
  // One blob per slice: encoding all rows at once would block the page.
  const parts: Blob[] = []
  const add = (text: string) => void parts.push(new Blob([text]))
  add(format === 'csv' ? csvLine(COLUMNS.map(([name]) => name)) : '[\n')
  for (let start = 0; start < rows.length; start += SLICE) {
    const slice = rows.slice(start, start + SLICE)
    if (format === 'csv') add(slice.map((row) => csvLine(COLUMNS.map(([, of]) => of(row)))).join(''))
    else add((start > 0 ? ',\n' : '') + slice.map((row) => JSON.stringify(recordOf(row))).join(',\n'))
    await new Promise((resolve) => setTimeout(resolve))
  }
  if (format === 'json') add('\n]\n')
  return new Blob(parts, { type: TYPES[format] })
}

/** `oneport-8080-20261123-041502.csv`, in local time. */
export function exportName(port: number, now: Date, format: ExportFormat): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`
  return `oneport-${port}-${date}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.${format}`
}

/** `protocol` has its own columns. */
function progressColumn(field: ProgressField): Column[] {
  if (field === 'protocol') return []
  const isTime = field.endsWith('At')
  const value = (row: Row) => {
    const plain = row[field]
    return isTime && typeof plain === 'number' ? time(plain) : plain
  }
  return [[field, value]]
}

function time(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString()
}
