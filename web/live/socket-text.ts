import type { Protocol } from '../../shared/connection.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { Row } from './row.ts'

/** The 4-tuple as `ss` prints it: local, then remote. */
export function tupleText({ local, remote }: Pick<Row, 'local' | 'remote'>): string {
  return `${formatEndpoint(local)} ${formatEndpoint(remote)}`
}

/** The protocol and the server name that its client asked for: `TLS example.com`. */
export function protocolText({ name, serverName }: Protocol): string {
  return serverName === null ? name : `${name} ${serverName}`
}

/** Finds the same socket in the kernel's table; `-a` because it may be closing. ss(8) */
export function ssCommand(row: Row): string {
  return `ss -tanoe 'src ${formatEndpoint(row.local)} and dst ${formatEndpoint(row.remote)}'`
}

/** The commands that connect to the port, from where the dashboard was opened. */
export function connectCommands(hostname: string, port: number): string[] {
  const host = hostname.replace(/^\[|\]$/g, '')
  return [`nc ${host} ${port}`, `telnet ${host} ${port}`]
}
