import { setTimeout as sleep } from 'node:timers/promises'
import { addressOf, closeSocket, drain, localPort, openSocket, receiveUntil, sendAll } from '../sockets.ts'
import type { Arrival } from './arrive.ts'
import { END, MESSAGE } from './message.ts'

/** Smaller than any accept queue. */
const AT_ONCE = 200
/** One in this many changes is an accept or a close. */
const CHURN = 10
const TURN_MS = 5

const held: number[] = []
let next = 0
let opened: HeldArrival[] = []

export interface HeldArrival extends Arrival {
  /** The server's address that the client has connected to. The same client port may be used with several of these. */
  to: string
}

/**
 * After each batch, waits for the echo of its last connection. By then the server has accepted them all, so the
 * accept queue is empty.
 */
export async function hold({ port, count }: { port: number; count: number }): Promise<null> {
  for (let i = 0; i < count; i++) {
    const fd = openSocket(port, i)
    held.push(fd)
    if (i % AT_ONCE !== AT_ONCE - 1 && i !== count - 1) continue
    sendAll(fd, MESSAGE)
    receiveUntil(fd, END)
  }
  return null
}

export async function change(of: { port: number; perSecond: number; ms: number; churn?: number }): Promise<number> {
  const { churn = CHURN } = of
  opened = []
  const start = performance.now()
  let made = 0
  for (;;) {
    const elapsed = performance.now() - start
    if (elapsed >= of.ms) return (made / elapsed) * 1000
    for (const due = (elapsed / 1000) * of.perSecond; made < due; made++) changeOne(of.port, made, churn)
    await sleep(TURN_MS)
  }
}

function changeOne(port: number, turn: number, churn: number): void {
  const fd = held[next++ % held.length]
  if (fd === undefined) return
  if (turn % (2 * churn) === 0) {
    const newcomer = openSocket(port, turn)
    opened.push({
      clientPort: localPort(newcomer),
      to: addressOf(turn),
      at: performance.timeOrigin + performance.now(),
    })
    held.push(newcomer)
  } else if (turn % (2 * churn) === churn) closeSocket(held.shift() ?? -1)
  else {
    // Reads the echo of the previous write.
    drain(fd)
    sendAll(fd, MESSAGE)
  }
}

export async function arrivals(): Promise<HeldArrival[]> {
  return opened
}

export async function closeHeld(): Promise<null> {
  for (const fd of held.splice(0)) closeSocket(fd)
  return null
}
