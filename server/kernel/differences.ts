interface Seen {
  print: number
  round: number
}

/** Reports, round by round, which items are new, which have changed, and which are gone. */
export class Differences<K> {
  readonly #seen = new Map<K, Seen>()
  #round = 0

  get size(): number {
    return this.#seen.size
  }

  has(key: K): boolean {
    return this.#seen.has(key)
  }

  /** Marks the item as seen in this round. @returns true if it is new or its fingerprint has changed */
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

  /** Ends the round. @returns the items not seen in it */
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
