import type { Connection } from '../../shared/connection.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { Direction, PayloadExtent } from '../../shared/payload.ts'

const ORIGIN = [
  'This is not a capture from the network: the packets were synthesized from the bytes that the server read and wrote.',
  'Real: the bytes of each direction, and the times of accept(), reads, writes, FIN and RST, in milliseconds.',
  'Synthesized: the handshake, IP and TCP headers, segment boundaries and acknowledgements.',
]

/**
 * What a reader of the file must know: where its packets come from, and which bytes are missing.
 * @param lengths of both directions' streams; @param kept null: no bytes
 */
export function sectionComment(
  connection: Connection,
  lengths: Record<Direction, number>,
  kept: PayloadExtent | null,
): string {
  const { id, local, remote, close } = connection
  const lines = [
    `Connection ${id} of oneport: client ${formatEndpoint(remote)}, server ${formatEndpoint(local)}.`,
    ...ORIGIN,
    missing('client', lengths.in, kept && { from: kept.from.in, to: kept.to.in }),
    missing('server', lengths.out, kept && { from: kept.from.out, to: kept.to.out }),
    close === null ? 'The connection was open when this file was written.' : ended(close),
  ]
  return lines.filter((line) => line !== null).join('\n')
}

function missing(side: 'client' | 'server', length: number, kept: { from: number; to: number } | null): string | null {
  const from = kept === null ? length : Math.min(kept.from, length)
  const lines: string[] = []
  if (from > 0) {
    const which = from === length ? `All ${length} bytes` : `The first ${from} bytes`
    lines.push(`${which} from the ${side} are missing: the server keeps only the newest bytes (--capture-bytes).`)
  }
  if (kept !== null && kept.to < length) {
    lines.push(`The last ${length - kept.to} bytes from the ${side} are missing: the server did not read them.`)
  }
  if (kept !== null && kept.to > length) {
    lines.push(`The last ${kept.to - length} bytes that the ${side} wrote are left out: they were never sent.`)
  }
  return lines.length === 0 ? null : lines.join('\n')
}

function ended({ by, how, reset, code }: NonNullable<Connection['close']>): string | null {
  if (by !== 'system' || reset !== null) return null
  return `The connection ended without a known FIN or RST: ${how}${code === null ? '' : ` (${code})`}.`
}
