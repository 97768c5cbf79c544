import { type AcceptQueue, type KernelState, UNMATCHED_MAX, type UnmatchedSocket } from '../../shared/stream.ts'
import { socketOf } from '../kernel/inet-diag.ts'
import { eachPacked } from '../kernel/packed.ts'
import type { Sample } from '../kernel/sample.ts'
import type { ConnectionTable } from './table.ts'
import { factsLater } from './entry.ts'
import { Matcher } from './matcher.ts'

/** The kernel's view of the port, matched with the server's own table. */
export class KernelView {
  readonly #inode: number | null
  readonly #matcher: Matcher
  #last: Sample | null = null
  /** Clients that believe they are connected; null: their sockets cannot be sampled. */
  #handshakeOnly: UnmatchedSocket[] | null = null
  #reason: string | null = 'the kernel has not been sampled yet'

  /** @param inode the listening socket's inode */
  constructor(table: ConnectionTable, inode: number | null) {
    this.#inode = inode
    this.#matcher = new Matcher(table)
  }

  sampled(sample: Sample): void {
    this.#last = sample
    this.#reason = null
    this.#matcher.apply(sample)
    if (sample.ends !== null) this.#handshakeOnly = handshakeOnly(sample.ends.handshakeOnly, sample.ends.at)
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    if (this.#last !== null) this.#last = { ...this.#last, at: this.#last.at + ms }
    this.#handshakeOnly = this.#handshakeOnly?.map((socket) => factsLater(socket, ms)) ?? null
    this.#matcher.shift(ms)
  }

  /** Without samples the kernel's facts are unknown, so the old ones are removed. */
  failed(reason: string): void {
    this.#last = null
    this.#reason = reason
    this.#handshakeOnly = null
    this.#matcher.forget()
  }

  /** Null: the kernel cannot be sampled, or does not list the listening socket. */
  get acceptQueue(): AcceptQueue | null {
    const own = this.#last?.listeners.find(({ inode }) => inode === this.#inode)
    return own === undefined ? null : { length: own.recvQueue, limit: own.sendQueue }
  }

  get state(): Omit<KernelState, 'closesMissed'> {
    const last = this.#last
    return {
      available: last !== null,
      reason: this.#reason,
      source: last?.source ?? null,
      sampledAt: last?.at ?? null,
      tookMs: last?.tookMs ?? null,
      agreement: this.#matcher.agreement,
      timeWait: this.#matcher.timeWait,
      acceptQueue: this.acceptQueue,
      listeners: last?.listeners ?? [],
      drops: last?.drops ?? null,
      handshakeOnly: this.#handshakeOnly?.length ?? null,
      unmatched: [...(this.#handshakeOnly ?? []), ...this.#matcher.unmatched(UNMATCHED_MAX)].slice(0, UNMATCHED_MAX),
    }
  }

  /** Every socket of the port that the kernel has, and the clients' sockets that are `handshake-only`. */
  get sockets(): UnmatchedSocket[] {
    return [...this.#matcher.sockets, ...(this.#handshakeOnly ?? [])]
  }
}

/** Endpoints as in all sockets of the port: `remote` is the client. */
function handshakeOnly(packed: Uint8Array<ArrayBuffer>, at: number): UnmatchedSocket[] {
  return [...eachPacked(packed)].map(([buffer, place]) => {
    const { local, remote, ...facts } = socketOf(buffer, place, at)
    return { local: remote, remote: local, ...facts, connectionId: null, problem: 'handshake-only' }
  })
}
