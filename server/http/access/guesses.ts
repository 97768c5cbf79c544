import { setTimeout as sleep } from 'node:timers/promises'

/** Each wrong token adds COST_MS to what its address owes. Checks wait once an address owes more than FREE_MS. */
const COST_MS = 200
const FREE_MS = 20 * COST_MS
/** A check that would have to wait longer is refused. */
const WAIT_MAX_MS = 5 * COST_MS
/** Addresses remembered before those that owe nothing are forgotten. */
const ADDRESSES = 1_000

/**
 * Slows the guessing of tokens: after 20 wrong ones, an address gets 5 checks a second. Right tokens have to wait too,
 * because otherwise the waiting itself would tell a wrong token from the right one.
 */
export class Guesses {
  /** When each address will owe nothing, by the monotonic clock. */
  readonly #owedUntil = new Map<string, number>()

  /** @param test tells what the token allows; null if it is wrong */
  async check<T>(address: string, test: () => T | null): Promise<T | null | 'too many'> {
    const now = performance.now()
    const owedUntil = Math.max(now, this.#owedUntil.get(address) ?? 0)
    const wait = owedUntil - now - FREE_MS
    if (wait > WAIT_MAX_MS) return 'too many'
    if (wait > 0) {
      this.#owe(address, owedUntil + COST_MS)
      await sleep(wait, undefined, { ref: false })
      return test()
    }
    const result = test()
    if (result === null) this.#owe(address, owedUntil + COST_MS)
    return result
  }

  #owe(address: string, until: number): void {
    this.#owedUntil.set(address, until)
    if (this.#owedUntil.size <= ADDRESSES) return
    const now = performance.now()
    for (const [other, owed] of this.#owedUntil) if (owed <= now) this.#owedUntil.delete(other)
  }
}
