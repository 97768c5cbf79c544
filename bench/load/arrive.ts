import { setTimeout as sleep } from 'node:timers/promises'
import { closeSocket, localPort, openSocket } from '../sockets.ts'

export interface Arrival {
  /** The client's port. */
  clientPort: number
  /** When connect(2) returned, in milliseconds since the Unix epoch, with fractions. */
  at: number
}

export async function arrive(of: { port: number; perSecond: number; count: number }): Promise<Arrival[]> {
  const arrivals: Arrival[] = []
  const fds: number[] = []
  const start = performance.now()
  for (let i = 0; i < of.count; i++) {
    const ahead = start + (i / of.perSecond) * 1000 - performance.now()
    if (ahead > 0) await sleep(ahead)
    const fd = openSocket(of.port, 0)
    arrivals.push({ clientPort: localPort(fd), at: performance.timeOrigin + performance.now() })
    fds.push(fd)
  }
  await sleep(500)
  for (const fd of fds) closeSocket(fd)
  return arrivals
}
