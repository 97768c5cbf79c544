import { isWaiting } from '../../shared/kernel.ts'
import type { KernelState } from '../../shared/stream.ts'
import { SOCKETS_MAX, type SocketFact } from './evidence.ts'
import { tupleOf, waitingFact } from './facts.ts'

/**
 * Sockets seen in the accept queue while accepting was stopped. They leave the queue when they are accepted, so they
 * are recorded. Sockets that already waited in the first sample are ignored.
 */
export class Waited {
  sockets: readonly SocketFact[] = []
  #before: ReadonlySet<string> | null = null

  /** @param now the server's clock, Unix milliseconds */
  look(kernel: Pick<KernelState, 'unmatched'>, paused: boolean, now: number): void {
    const waiting = kernel.unmatched.filter((socket) => isWaiting(socket) && socket.tcpState === 'ESTABLISHED')
    const before = (this.#before ??= new Set(waiting.map(tupleOf)))
    if (!paused) return
    const noted = new Set(this.sockets.map(tupleOf))
    for (const socket of waiting) {
      const tuple = tupleOf(socket)
      if (before.has(tuple) || noted.has(tuple) || this.sockets.length >= SOCKETS_MAX) continue
      this.sockets = [...this.sockets, waitingFact(socket, now)]
    }
  }
}
