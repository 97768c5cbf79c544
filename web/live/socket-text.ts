import type { Protocol } from '../../shared/connection.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { Row } from './row.ts'

/** The 4-tuple as `ss` prints it: local, then remote. */
export function tupleText({ local, remote }: Pick<Row, 'local' | 'remote'>): string {
  return `${formatEndpoint(local)} ${formatEndpoint(remote)}`
}

/** The protocol, and the server name that the client asked for: `TLS example.com`. */
export function protocolText({ name, serverName }: Protocol): string {
  return serverName === null ? name : `${name} ${serverName}`
}

/** Finds the same socket in the kernel's table (ss(8)). Without `-a`, ss leaves out closing sockets. */
export function ssCommand(row: Row): string {
  return `ss -tanoe 'src ${formatEndpoint(row.local)} and dst ${formatEndpoint(row.remote)}'`
}

/** Commands that connect to the port from the machine on which the dashboard is open. */
export function connectCommands(hostname: string, port: number): string[] {
  const host = hostname.replace(/^\[|\]$/g, '')
  return [`nc ${host} ${port}`, `telnet ${host} ${port}`]
}
