import type { Final } from '../kernel/final.ts'
import type { Entry } from './entry.ts'
import type { Seen } from './judge-alone.ts'

/** A sample under way may have begun before the close; the one after it has not. */
const SAMPLES_NEEDED = 2
/** The kernel forgets a connection in FIN_WAIT_2 after tcp_fin_timeout, 60 s by default. Milliseconds. */
const FIN_TIMEOUT_MS = 55_000

interface Late {
  final: Final
  /** Of `performance.now()`. */
  since: number
  /** How many samples must still be taken. */
  samples: number
  /** Its end has been told, on condition that it goes from FIN_WAIT_2 to TIME_WAIT. */
  told: boolean
}

/**
 * Connections that were closed with our FIN, whose end only samples tell. The kernel's last word comes before the client's FIN, and
 * then the connection is in FIN_WAIT_2 for as long as the client does not close.
 */
export class LateEnds {
  readonly #late = new Map<Entry, Late>()
  readonly #tell: (entry: Entry, final: Final, timeWait: Seen['timeWait']) => void

  /** @param tell called with the final when its end is known, and again if that was wrong */
  constructor(tell: (entry: Entry, final: Final, timeWait: Seen['timeWait']) => void) {
    this.#tell = tell
  }

  add(entry: Entry, final: Final): void {
    this.#late.set(entry, { final, since: performance.now(), samples: SAMPLES_NEEDED, told: false })
  }

  has(entry: Entry): boolean {
    return this.#late.has(entry)
  }

  /** Call it after each sample. */
  sampled(): void {
    for (const [entry, late] of this.#late) {
      late.samples--
      const state = entry.kernel?.inode === 0 ? entry.kernel.tcpState : null
      if (state === 'TIME_WAIT' || (state === null && late.samples <= 0)) {
        this.#late.delete(entry)
        const timedOut = late.told && late.since + FIN_TIMEOUT_MS < performance.now()
        if (state === null && !timedOut) this.#tell(entry, late.final, 'neither')
        else if (!late.told) this.#tell(entry, late.final, 'server')
      } else if (state !== null && !late.told) {
        late.told = true
        this.#tell(entry, late.final, 'server')
      }
    }
  }

  /** Without samples nothing becomes clear. @param before gives up those added before this time, of `performance.now()` */
  expire(before: number): void {
    for (const [entry, { final, since, told }] of this.#late) {
      if (since > before) break
      if (told) continue
      this.#late.delete(entry)
      this.#tell(entry, final, null)
    }
  }
}
