import { isWaiting } from '../../shared/kernel.ts'
import type { KernelState } from '../../shared/stream.ts'
import { SOCKETS_MAX, type SocketFact } from './evidence.ts'
import { tupleOf, waitingFact } from './facts.ts'

/**
 * The sockets that were seen in the accept queue while nobody accepted. When they have been accepted they are gone from it, so they
 * are noted. Whoever waited already at the first look says nothing of what was done after.
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
