import { closeSocket, finish, openSocket, receiveEnd, receiveUntil, resetSocket, sendAll } from '../sockets.ts'
import { END, MESSAGE } from './message.ts'

/** How many connections have ended in each way. */
export interface Endings {
  fin: number
  reset: number
  halfClosed: number
  /** Closed with the echo unread. */
  unread: number
}

/** Of 20 connections: 2 are reset, 2 are half-closed first, 1 is closed with unread bytes. */
const TURNS: Partial<Record<number, keyof Endings>> = {
  3: 'reset',
  13: 'reset',
  7: 'halfClosed',
  17: 'halfClosed',
  10: 'unread',
}

/** Like `echoRate`, but the clients end their connections in different ways. */
export async function endings(of: { port: number; count: number; inFlight: number }): Promise<Endings> {
  const { port, count, inFlight } = of
  const ended: Endings = { fin: 0, reset: 0, halfClosed: 0, unread: 0 }
  const ring: number[] = []
  for (let i = 0; i < count + inFlight; i++) {
    if (i >= inFlight) {
      const how = TURNS[(i - inFlight) % 20] ?? 'fin'
      end(ring[i % inFlight] ?? -1, how)
      ended[how]++
    }
    if (i >= count) continue
    const fd = openSocket(port, i)
    sendAll(fd, MESSAGE)
    ring[i % inFlight] = fd
  }
  return ended
}

function end(fd: number, how: keyof Endings): void {
  if (how !== 'unread') receiveUntil(fd, END)
  if (how === 'halfClosed') {
    finish(fd)
    receiveEnd(fd)
  }
  if (how === 'reset') resetSocket(fd)
  else closeSocket(fd)
}
