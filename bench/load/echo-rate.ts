import { setTimeout as sleep } from 'node:timers/promises'
import { closeSocket, openSocket, receiveUntil, sendAll } from '../sockets.ts'
import { END, MESSAGE } from './message.ts'

/**
 * Keeps `inFlight` connections open. Always waits for the oldest connection, so the server always has work. Without
 * `perSecond`, the server sets the rate.
 */
export async function echoRate(of: {
  port: number
  count: number
  inFlight: number
  perSecond?: number
}): Promise<number> {
  const { port, count, inFlight, perSecond } = of
  const ring: number[] = []
  const start = performance.now()
  for (let i = 0; i < count + inFlight; i++) {
    if (i >= inFlight) {
      const fd = ring[i % inFlight] ?? -1
      receiveUntil(fd, END)
      closeSocket(fd)
    }
    if (i >= count) continue
    const ahead = perSecond === undefined ? 0 : start + (i / perSecond) * 1000 - performance.now()
    if (ahead > 1) await sleep(ahead)
    const fd = openSocket(port, i)
    sendAll(fd, MESSAGE)
    ring[i % inFlight] = fd
  }
  return (count / (performance.now() - start)) * 1000
}
