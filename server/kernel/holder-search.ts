/** The process that holds a socket. */
export interface Holder {
  pid: number
  command: string
}

interface Search {
  inode: number
  resolve: (holder: Holder | null) => void
}

/** Finds the holders of sockets, one search at a time: everybody who asks meanwhile shares the next one. */
export class HolderSearch {
  readonly #begin: (inodes: number[]) => void
  #waiting: Search[] = []
  #under: Search[] = []

  /** @param begin begins a search; `found` must be called with its result */
  constructor(begin: (inodes: number[]) => void) {
    this.#begin = begin
  }

  /** Null: no holder can be seen. */
  find(inode: number): Promise<Holder | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ inode, resolve })
      if (this.#under.length === 0) this.#next()
    })
  }

  /** @param holders by inode */
  found(holders: ReadonlyMap<number, Holder>): void {
    const settled = this.#under
    this.#next()
    for (const { inode, resolve } of settled) resolve(holders.get(inode) ?? null)
  }

  /** No result will come. */
  giveUp(): void {
    const given = [...this.#under, ...this.#waiting]
    this.#under = this.#waiting = []
    for (const { resolve } of given) resolve(null)
  }

  #next(): void {
    this.#under = this.#waiting
    this.#waiting = []
    if (this.#under.length > 0) this.#begin(this.#under.map(({ inode }) => inode))
  }
}
