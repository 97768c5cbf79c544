import type { Libc } from './libc.ts'
import { cookieOf, fingerprint, isListening, parseSocket } from './parse.ts'
import { Differences } from './differences.ts'
import { readDropCounters } from './drops.ts'
import type { Sample } from './sample.ts'
import { attribute, INET_DIAG_INFO, INET_DIAG_SKV6ONLY, SockDiag } from './sock-diag.ts'

const AF_INET = 2
const AF_INET6 = 10

/** Compares the kernel's table of one local port with itself, sample by sample. Runs in the worker thread. */
export class Sampler {
  readonly #diag: SockDiag
  readonly #port: number
  readonly #seen = new Differences<number>()

  constructor(libc: Libc, port: number) {
    this.#diag = new SockDiag(libc)
    this.#port = port
  }

  /** @throws with `code` where the kernel refuses to be asked */
  check(): void {
    this.#diag.dump(AF_INET, this.#port, () => {})
  }

  close(): void {
    this.#diag.close()
  }

  take(): Sample {
    const at = Date.now()
    const started = performance.now()
    const changed: Sample['changed'] = []
    const listeners: Sample['listeners'] = []
    const visit = (buffer: Buffer, place: number, end: number): void => {
      const info = attribute(buffer, place, end, INET_DIAG_INFO)
      if (isListening(buffer, place)) {
        const v6only = attribute(buffer, place, end, INET_DIAG_SKV6ONLY)
        listeners.push({ ...parseSocket(buffer, place, info, at), dualStack: v6only >= 0 && buffer[v6only] === 0 })
        return
      }
      const key = cookieOf(buffer, place)
      if (this.#seen.differs(key, fingerprint(buffer, place, info))) {
        changed.push([key, parseSocket(buffer, place, info, at)])
      }
    }
    // IPv4 clients of a dual-stack socket are in the IPv6 table, but their SYN_RECV is in the other.
    this.#diag.dump(AF_INET, this.#port, visit)
    this.#diag.dump(AF_INET6, this.#port, visit)
    const gone = this.#seen.next()
    const tookMs = performance.now() - started
    return {
      source: 'sock_diag',
      at,
      tookMs,
      total: this.#seen.size,
      changed,
      gone,
      listeners,
      drops: readDropCounters(),
    }
  }
}
