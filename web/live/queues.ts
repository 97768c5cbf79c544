import type { Connection } from '../../shared/connection.ts'

/** A queue of the kernel that held bytes for a while and was then found empty. */
export interface Emptied {
  queue: 'recv' | 'send'
  /** When a sample found it empty. */
  at: number
  /** The most bytes that a sample found in it. */
  bytes: number
  /** Between the first sample with bytes and the one without. */
  ms: number
}

/** A queue that empties sooner is normal traffic. */
const EMPTIED_AFTER_MS = 1_000
/** Per connection; beyond that, the oldest go. */
export const EMPTIED_KEPT = 50

/** Since when a queue holds bytes, and the most that a sample found. */
interface Held {
  since: number
  most: number
}

/** Watches the two queues of one socket from sample to sample. */
export class Queues {
  #recv: Held | null = null
  #send: Held | null = null

  /** @returns the queues that have emptied */
  see(kernel: Connection['kernel']): Emptied[] {
    const at = kernel?.sampledAt ?? 0
    const recv = next(this.#recv, kernel?.recvQueue ?? 0, at)
    const send = next(this.#send, kernel?.sendQueue ?? 0, at)
    // Without its socket, a queue did not empty.
    const emptied =
      kernel === null ? [] : [...left('recv', this.#recv, recv, at), ...left('send', this.#send, send, at)]
    this.#recv = recv
    this.#send = send
    return emptied
  }
}

function next(before: Held | null, bytes: number, at: number): Held | null {
  if (bytes === 0) return null
  return { since: before?.since ?? at, most: Math.max(before?.most ?? 0, bytes) }
}

function left(queue: Emptied['queue'], before: Held | null, now: Held | null, at: number): Emptied[] {
  if (before === null || now !== null || at - before.since < EMPTIED_AFTER_MS) return []
  return [{ queue, at, bytes: before.most, ms: at - before.since }]
}
