import { SICK, type SickCounts } from './status.ts'

/** The clients of one address. */
export interface Group {
  /** Empty if the client reset the connection before the server could read its address. */
  address: string
  /** Live connections. */
  live: number
  /** Its sockets with a problem. */
  sick: SickCounts
  /** Sockets drawn, including ended ones that are fading out. */
  drawn: number
  /** Its line in the crowded picture; -1 if it shares the last line with other addresses. */
  line: number
}

/** The drawn sockets grouped by client address, in order of first appearance. */
export class Groups {
  readonly all = new Map<string, Group>()
  /** Indexed by line. */
  lines: (Group | null)[] = []
  /** An address has come or gone since the last arrangement. */
  #stale = true
  /** The lines of single addresses in the last arrangement. */
  #own = 0

  of(address: string): Group {
    const known = this.all.get(address)
    if (known) return known
    const group: Group = { address, live: 0, sick: [0, 0, 0], drawn: 0, line: -1 }
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

  /** Addresses without a line of their own. */
  get others(): Pick<Group, 'live' | 'sick'> & { groups: number } {
    const others: Pick<Group, 'live' | 'sick'> & { groups: number } = { groups: 0, live: 0, sick: [0, 0, 0] }
    for (const { line, live, sick } of this.all.values()) {
      if (line >= 0) continue
      others.groups++
      others.live += live
      others.sick[SICK.warning] += sick[SICK.warning]
      others.sick[SICK.critical] += sick[SICK.critical]
    }
    return others
  }

  /**
   * Assigns lines to groups without one: existing lines stay, free ones go to the largest groups.
   * @param room number of lines; the last one is shared if there are more groups
   * @returns true if a line's group has changed
   */
  arrange(room: number): boolean {
    const own = this.all.size <= room ? room : room - 1
    // With more room than before, those who wait get it, although no address has come or gone.
    if (!this.#stale && own === this.#own) return false
    this.#stale = false
    this.#own = own
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
