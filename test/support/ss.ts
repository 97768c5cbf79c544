import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { TcpState } from '../../shared/kernel.ts'
import { parseEndpoint } from './kernel-sockets.ts'

const STATES: Record<string, TcpState> = {
  ESTAB: 'ESTABLISHED',
  'SYN-RECV': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT_1',
  'FIN-WAIT-2': 'FIN_WAIT_2',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  CLOSING: 'CLOSING',
  UNCONN: 'CLOSED',
  LISTEN: 'LISTEN',
}

/** The sockets with this local port from `ss -tanep`, one line each: endpoints, state, inode (0 for none). */
export async function ssTable(port: number): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ss', ['-Htanep', `sport = :${port}`], { maxBuffer: 64 * 1024 * 1024 })
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('LISTEN'))
    .map((line) => {
      const [state = '', , , local = '', remote = ''] = line.split(/\s+/)
      const inode = Number(/\bino:(\d+)/.exec(line)?.[1] ?? 0)
      return `${formatEndpoint(parseEndpoint(remote))} ${formatEndpoint(parseEndpoint(local))} ${STATES[state] ?? state} ${inode}`
    })
    .toSorted()
}
