import { type Endpoint, familyOf } from '../../shared/endpoint.ts'
import type { Libc } from '../libc.ts'
import { AF_INET, AF_INET6 } from './constants.ts'
import { cookieOf } from './inet-diag.ts'
import { OtherEnds } from './other-ends.ts'
import { Rounds } from './rounds.ts'
import type { Sample } from './sample.ts'
import { attribute, EVERY_STATE, LISTEN_STATE, INET_DIAG_INFO, INET_DIAG_SKV6ONLY, SockDiag } from './sock-diag.ts'

/**
 * In regular samples, listing the clients' sockets may take this share of the time for the port's own, or this many milliseconds.
 * With the pairing, a sample then takes 20 to 30 % longer.
 */
const ENDS_SHARE = 0.2
const ENDS_FREE_MS = 1

/** Compares the kernel's table of one local port from sample to sample. Runs in the worker thread. */
export class Sampler {
  readonly #diag: SockDiag
  readonly #family: number
  readonly #port: number
  readonly #rounds: Rounds
  /** Null: the kernel does not list sockets by their remote port. */
  #ends: OtherEnds | null
  /** Duration of the last look at the clients' sockets, and how much time the next one may take. Milliseconds. */
  #endsTookMs = 0
  #endsCreditMs = 0

  /** @param local where the listening socket listens */
  constructor(libc: Libc, { address, port }: Endpoint) {
    this.#family = familyOf(address) === 4 ? AF_INET : AF_INET6
    this.#rounds = new Rounds(address)
    this.#ends = new OtherEnds(address)
    this.#diag = new SockDiag(libc)
    this.#port = port
  }

  /** Finds out what the kernel lists. @throws an error with `code` if it refuses the port's sockets */
  check(): void {
    this.#diag.dump(this.#family, this.#port, LISTEN_STATE, () => {})
    try {
      this.#diag.dumpRemote(this.#port, LISTEN_STATE, () => {})
    } catch {
      this.#ends = null
    }
  }

  close(): void {
    this.#diag.close()
  }

  /** @param all false: leaves out the clients' sockets where they would take too much time */
  take(all = true): Sample {
    const ends = all || this.#clientsDue() ? this.#visitClients() : null
    const rounds = this.#rounds
    rounds.begin()
    const visit = (buffer: Buffer, place: number, end: number): void => {
      const info = attribute(buffer, place, end, INET_DIAG_INFO)
      ends?.visitOwn(buffer, place)
      const listening = rounds.put(cookieOf(buffer, place), buffer, place, info)
      if (listening === null) return
      const v6only = attribute(buffer, place, end, INET_DIAG_SKV6ONLY)
      rounds.listening({ ...listening, dualStack: v6only >= 0 && buffer[v6only] === 0 })
    }
    // IPv4 clients of a dual-stack socket are in the IPv6 table, except briefly in SYN_RECV. In the other family only
    // listening sockets matter, and the kernel finds those without walking through all sockets.
    this.#diag.dump(this.#family, this.#port, EVERY_STATE, visit)
    this.#diag.dump(this.#family === AF_INET ? AF_INET6 : AF_INET, this.#port, LISTEN_STATE, visit)
    const sample = rounds.end('sock_diag', ends?.end() ?? null)
    this.#endsCreditMs += sample.tookMs * ENDS_SHARE
    return ends === null ? sample : { ...sample, tookMs: sample.tookMs + this.#endsTookMs }
  }

  #clientsDue(): boolean {
    return this.#endsTookMs <= ENDS_FREE_MS || this.#endsTookMs <= this.#endsCreditMs
  }

  #visitClients(): OtherEnds | null {
    const started = performance.now()
    const ends = this.#ends
    if (ends === null) return null
    ends.begin()
    this.#diag.dumpRemote(this.#port, EVERY_STATE, (buffer, at) => ends.visitClient(buffer, at))
    this.#endsTookMs = performance.now() - started
    this.#endsCreditMs = Math.max(0, this.#endsCreditMs - this.#endsTookMs)
    return ends
  }
}
