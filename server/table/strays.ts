import { type Endpoint, sameAddress } from '../../shared/endpoint.ts'
import { clock } from '../clock.ts'
import type { Final } from '../kernel/final.ts'
import { finAcked } from './judge-alone.ts'
import { type Heard, REPORTED_WITHIN_MS } from './owner.ts'

/** A socket whose final cannot be told by cookie or endpoints. */
interface Stray {
  readonly local: Endpoint
  /** Port 0: not known. */
  readonly remote: Endpoint
  /** Unix milliseconds. */
  readonly from: number
  readonly until: number
  /** What was counted. Null: refused at once, so nothing was read or written. */
  readonly counted: { bytesIn: number; bytesOut: number } | null
}

/** Strays and finals are about the same moment. Milliseconds. */
const KEPT_MS = 5_000
const KEPT_MAX = 2_000

/**
 * Sockets that will not claim their final: refused ones, those that the client reset in the accept queue, so that their port is
 * not known, and those that we reset before a sample found them. A final that fits one of them proves nothing of a connection.
 */
export class Strays {
  #strays: Stray[] = []
  /** Until then, refused sockets of unknown endpoints may have finals. */
  #unlistedUntil = -Infinity

  refused(local: Endpoint, remote: Endpoint, at: number): void {
    this.#add({ local, remote, from: at, until: at + KEPT_MS, counted: null })
  }

  /** Some refusals are only counted. */
  unlisted(): void {
    this.#unlistedUntil = clock.now() + KEPT_MS
  }

  /** A connection that was gone before it closed, or was reset by us. */
  closed(local: Endpoint, remote: Endpoint, at: number, counted: { bytesIn: number; bytesOut: number }): void {
    this.#add({ local, remote, from: at - REPORTED_WITHIN_MS, until: at + REPORTED_WITHIN_MS, counted })
  }

  /** Whether this final may be of a stray. */
  mayHave({ final, at }: Heard): boolean {
    const heard = clock.corrected(at)
    if (heard <= this.#unlistedUntil && untouched(final)) return true
    return this.#strays.some((stray) => heard >= stray.from && heard <= stray.until && fits(stray, final))
  }

  #add(stray: Stray): void {
    this.#strays.push(stray)
    if (this.#strays.length <= KEPT_MAX) return
    this.#strays = this.#strays.slice(-KEPT_MAX / 2)
    this.unlisted()
  }

  /** Forgets the old ones. Call it regularly. */
  expire(): void {
    const now = clock.now()
    this.#strays = this.#strays.filter(({ until }) => until >= now)
  }
}

function fits({ local, remote, counted }: Stray, final: Final): boolean {
  const same =
    remote.port === 0 || (remote.port === final.remote.port && sameAddress(remote.address, final.remote.address))
  if (!same || !sameAddress(local.address, final.local.address)) return false
  if (counted === null) return untouched(final)
  // RST came before any FIN of ours.
  return (
    !finAcked(final) &&
    counted.bytesIn <= final.received - final.unread &&
    counted.bytesOut <= final.acked + final.unsent
  )
}

/** Nothing was read or written. */
function untouched({ received, unread, sent }: Final): boolean {
  return received === unread && sent === 0
}
