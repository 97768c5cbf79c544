import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Endpoint, plainAddress } from '../../shared/endpoint.ts'

/** One line of `ss -tanp`. */
export interface KernelSocket {
  /** As ss(8) names it: `ESTAB`, `CLOSE-WAIT`, `LISTEN`. */
  state: string
  local: Endpoint
  remote: Endpoint
  /** Bytes in the kernel that the program has not read yet. */
  recvQueue: number
  holders: { pid: number; fd: number }[]
}

/** The output of `ss` for a port: the listening socket, the server's connected sockets and the clients' sockets. */
export async function kernelSockets(port: number): Promise<KernelSocket[]> {
  const filter = `( sport = :${port} or dport = :${port} )`
  const { stdout } = await promisify(execFile)('ss', ['-Htanp', filter])
  return stdout.split('\n').filter(Boolean).map(parseLine)
}

function parseLine(line: string): KernelSocket {
  const [state = '', recvQueue, , local = '', remote = '', users = ''] = line.split(/\s+/)
  const holders = [...users.matchAll(/pid=(\d+),fd=(\d+)/g)].map(([, pid, fd]) => ({
    pid: Number(pid),
    fd: Number(fd),
  }))
  return { state, local: parseEndpoint(local), remote: parseEndpoint(remote), recvQueue: Number(recvQueue), holders }
}

/** `ss` prints an IPv4 client of a dual-stack socket as `[::ffff:127.0.0.1]:50000`. */
export function parseEndpoint(text: string): Endpoint {
  const colon = text.lastIndexOf(':')
  const address = text.slice(0, colon).replace(/^\[|\]$/g, '')
  return { address: plainAddress(address), port: Number(text.slice(colon + 1)) }
}
