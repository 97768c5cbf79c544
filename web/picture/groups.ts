/** The clients of one address. */
export interface Group {
  /** Empty: the client had gone before it could be asked. */
  address: string
  /** Live connections. */
  live: number
  /** Sockets drawn, those that have ended and fade included. */
  drawn: number
  /** Its line in the picture of many; -1 among the others, which share one. */
  line: number
}

/** The drawn sockets by their client's address, in the order in which the addresses came. */
export class Groups {
  readonly all = new Map<string, Group>()
  /** By line. */
  lines: (Group | null)[] = []
  #stale = true

  of(address: string): Group {
    const known = this.all.get(address)
    if (known) return known
    const group: Group = { address, live: 0, drawn: 0, line: -1 }
    this.all.set(address, group)
    this.#stale = true
    return group
  }

  leave(group: Group): void {
    if (--group.drawn > 0) return
    this.all.delete(group.address)
    if (group.line >= 0) this.lines[group.line] = null
    this.#stale = true
  }

  clear(): void {
    this.all.clear()
    this.lines = []
    this.#stale = true
  }

  /** The addresses that have no line of their own. */
  get others(): { groups: number; live: number } {
    const others = { groups: 0, live: 0 }
    for (const { line, live } of this.all.values()) {
      if (line >= 0) continue
      others.groups++
      others.live += live
    }
    return others
  }

  /**
   * Gives lines to those that have none: whoever has one keeps it, free ones go to the biggest.
   * @param room lines there are; the last one is for the others, if there are any
   * @returns true if a line has another group than before
   */
  arrange(room: number): boolean {
    const own = this.all.size <= room ? room : room - 1
    if (!this.#stale && this.lines.length <= own) return false
    this.#stale = false
    for (const group of this.lines.splice(own)) if (group) group.line = -1
    const waiting = [...this.all.values()].filter(({ line }) => line < 0).sort((a, b) => b.live - a.live)
    for (let line = 0; line < own && waiting.length > 0; line++) {
      if (this.lines[line]) continue
      const group = waiting.shift()
      if (!group) break
      group.line = line
      this.lines[line] = group
    }
    return true
  }
}
