import type { Libc } from '../libc.ts'
import { AF_INET, AF_INET6 } from './constants.ts'
import { cookieOf } from './inet-diag.ts'
import { Rounds } from './rounds.ts'
import type { Sample } from './sample.ts'
import { attribute, EVERY_STATE, LISTEN_STATE, INET_DIAG_INFO, INET_DIAG_SKV6ONLY, SockDiag } from './sock-diag.ts'

/** Compares the kernel's table of one local port from sample to sample. Runs in the worker thread. */
export class Sampler {
  readonly #diag: SockDiag
  readonly #family: number
  readonly #port: number
  readonly #rounds = new Rounds()

  /** @param ipVersion IP version of the listening socket; 6 for a dual-stack one */
  constructor(libc: Libc, port: number, ipVersion: 4 | 6) {
    this.#family = ipVersion === 4 ? AF_INET : AF_INET6
    this.#diag = new SockDiag(libc)
    this.#port = port
  }

  /** @throws an error with `code` if the kernel refuses */
  check(): void {
    this.#diag.dump(this.#family, this.#port, LISTEN_STATE, () => {})
  }

  close(): void {
    this.#diag.close()
  }

  take(): Sample {
    const rounds = this.#rounds
    rounds.begin()
    const visit = (buffer: Buffer, place: number, end: number): void => {
      const info = attribute(buffer, place, end, INET_DIAG_INFO)
      const listening = rounds.put(cookieOf(buffer, place), buffer, place, info)
      if (listening === null) return
      const v6only = attribute(buffer, place, end, INET_DIAG_SKV6ONLY)
      rounds.listening({ ...listening, dualStack: v6only >= 0 && buffer[v6only] === 0 })
    }
    // IPv4 clients of a dual-stack socket are in the IPv6 table, except briefly in SYN_RECV. In the other family only
    // listening sockets matter, and the kernel finds those without walking through all sockets.
    this.#diag.dump(this.#family, this.#port, EVERY_STATE, visit)
    this.#diag.dump(this.#family === AF_INET ? AF_INET6 : AF_INET, this.#port, LISTEN_STATE, visit)
    return rounds.end('sock_diag')
  }
}
