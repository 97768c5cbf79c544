import type { Protocol } from '../../shared/connection.ts'
import { type Endpoint, formatEndpoint, withoutZone } from '../../shared/endpoint.ts'
import type { Row } from './row.ts'

/** The 4-tuple as `ss` prints it: local, then remote. */
export function tupleText({ local, remote }: Pick<Row, 'local' | 'remote'>): string {
  return `${formatEndpoint(local)} ${formatEndpoint(remote)}`
}

/** The protocol, and the server name that the client asked for: `TLS example.com`. */
export function protocolText({ name, serverName }: Protocol): string {
  return serverName === null ? name : `${name} ${serverName}`
}

/**
 * Finds the same socket in the kernel's table (ss(8)). Without `-a`, ss leaves out closing sockets. Its filter takes no
 * zone.
 */
export function ssCommand({ local, remote }: Pick<Row, 'local' | 'remote'>): string {
  const end = ({ address, port }: Endpoint) => formatEndpoint({ address: withoutZone(address), port })
  return `ss -tanoe 'src ${end(local)} and dst ${end(remote)}'`
}

/** Commands that connect to the port from the machine on which the dashboard is open. */
export function connectCommands(hostname: string, port: number): string[] {
  const host = hostname.replace(/^\[|\]$/g, '')
  return [`nc ${host} ${port}`, `telnet ${host} ${port}`]
}

/** For machines without nc and telnet. */
export function otherCommands(hostname: string, port: number): { python: string; powershell: string } {
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    python: `python3 -c "import socket; s = socket.create_connection(('${host}', ${port})); print(s.getsockname()); input()"`,
    powershell: `Test-NetConnection ${host} -Port ${port}`,
  }
}
