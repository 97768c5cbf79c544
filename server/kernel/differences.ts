interface Seen {
  print: number
  round: number
}

/** Tells, round by round, which things are new, which have another fingerprint, and which have gone. */
export class Differences<K> {
  readonly #seen = new Map<K, Seen>()
  #round = 0

  get size(): number {
    return this.#seen.size
  }

  /** Whether the thing is new or has changed since the last round; it has been seen in this one. */
  differs(key: K, print: number): boolean {
    const seen = this.#seen.get(key)
    if (seen === undefined) {
      this.#seen.set(key, { print, round: this.#round })
      return true
    }
    seen.round = this.#round
    if (seen.print === print) return false
    seen.print = print
    return true
  }

  /** Ends the round. @returns what was not seen in it */
  next(): K[] {
    const gone: K[] = []
    for (const [key, seen] of this.#seen) {
      if (seen.round === this.#round) continue
      gone.push(key)
      this.#seen.delete(key)
    }
    this.#round++
    return gone
  }
}
