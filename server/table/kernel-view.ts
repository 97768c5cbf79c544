import { type KernelState, LOOSE_TOLD, type LooseSocket } from '../../shared/stream.ts'
import type { Sample } from '../kernel/sample.ts'
import type { ConnectionTable } from './table.ts'
import { Witness } from './matcher.ts'

/** What the kernel says of the port, beside the server's own table. */
export class KernelView {
  readonly #inode: number | null
  readonly #witness: Witness
  #last: Sample | null = null
  #reason: string | null = 'the kernel has not been asked yet'

  /** @param inode the listening socket's */
  constructor(table: ConnectionTable, inode: number | null) {
    this.#inode = inode
    this.#witness = new Witness(table)
  }

  sampled(sample: Sample): void {
    this.#last = sample
    this.#reason = null
    this.#witness.apply(sample)
  }

  /** The kernel cannot be asked: nothing is claimed of it. */
  failed(reason: string): void {
    this.#last = null
    this.#reason = reason
    this.#witness.forget()
  }

  get state(): KernelState {
    const last = this.#last
    const own = last?.listeners.find(({ inode }) => inode === this.#inode)
    return {
      available: last !== null,
      reason: this.#reason,
      source: last?.source ?? null,
      sampledAt: last?.at ?? null,
      tookMs: last?.tookMs ?? null,
      agreement: this.#witness.agreement,
      timeWait: this.#witness.timeWait,
      acceptQueue: own === undefined ? null : { length: own.recvQueue, limit: own.sendQueue },
      listeners: last?.listeners ?? [],
      drops: last?.drops ?? null,
      loose: this.#witness.loose(LOOSE_TOLD),
    }
  }

  /** The port's whole table as the kernel has it. */
  get sockets(): LooseSocket[] {
    return this.#witness.sockets
  }
}
