import type { KernelSocket, ListeningSocketFacts } from '../../shared/kernel.ts'
import { clock } from '../clock.ts'
import { Differences } from './differences.ts'
import { readDropCounters } from './drops.ts'
import { LISTEN, LOCAL_ADDRESS, STATE } from './inet-diag.ts'
import { PackedSockets } from './packed.ts'
import type { EndsSample } from './other-ends.ts'
import type { Sample, SampleSource } from './sample.ts'
import { type Served, servedBy } from './served.ts'

/** Compares one sample of the kernel's table with the next; the same for every source. */
export class Rounds {
  readonly #seen = new Differences<number>()
  readonly #packed = new PackedSockets()
  readonly #serves: Served
  #at = 0
  #started = 0
  #listeners: ListeningSocketFacts[] = []

  /** @param host the listening socket's address */
  constructor(host: string) {
    this.#serves = servedBy(host)
  }

  begin(): void {
    this.#at = clock.steady()
    this.#started = performance.now()
    this.#listeners = []
  }

  /**
   * Adds a socket to the current round, unless it belongs to another program's listening socket.
   * @param message contains the socket's inet_diag_msg at offset `from`
   * @param info offset of its tcp_info, -1 without one
   * @returns the socket if it is a listening one; the caller adds the facts that depend on the source
   */
  put(cookie: number, message: Buffer, from: number, info: number): KernelSocket | null {
    const isListening = message[from + STATE] === LISTEN
    if (!isListening && !this.#serves(message, from, LOCAL_ADDRESS)) return null
    const print = this.#packed.write(message, from, info)
    if (isListening) return this.#packed.last(this.#at)
    if (this.#seen.differs(cookie, print)) this.#packed.keep()
    return null
  }

  listening(socket: ListeningSocketFacts): void {
    this.#listeners.push(socket)
  }

  end(source: SampleSource, ends: EndsSample | null): Sample {
    const gone = this.#seen.next()
    return {
      source,
      at: this.#at,
      tookMs: performance.now() - this.#started,
      total: this.#seen.size,
      changed: this.#packed.take(),
      gone,
      listeners: this.#listeners,
      drops: readDropCounters(),
      ends,
    }
  }
}
