import { ListenerDown } from '../listener-failure.ts'

interface Asked {
  texts: readonly string[]
  resolve: (hits: ReadonlyMap<string, ReadonlySet<number>>) => void
  reject: (error: unknown) => void
}

/** Searches the captured bytes for texts, one search at a time: everybody who asks meanwhile shares the next one. */
export class TextSearch {
  readonly #search: (texts: string[]) => Promise<number[][] | null>
  #waiting: Asked[] = []
  #searching = false

  /** @param search answers with the ids for each text, or with null if the listener process has ended */
  constructor(search: (texts: string[]) => Promise<number[][] | null>) {
    this.#search = search
  }

  /**
   * The connections that each text was found in.
   * @throws ListenerDown or ListenerUnresponsive
   */
  find(texts: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ texts, resolve, reject })
      if (!this.#searching) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#searching = true
    while (this.#waiting.length > 0) {
      const round = this.#waiting
      this.#waiting = []
      const texts = [...new Set(round.flatMap((asked) => asked.texts))]
      try {
        const found = await this.#search(texts)
        if (found === null) throw new ListenerDown()
        const hits = new Map(texts.map((text, index) => [text, new Set(found[index])]))
        for (const { resolve } of round) resolve(hits)
      } catch (error) {
        for (const { reject } of round) reject(error)
      }
    }
    this.#searching = false
  }
}
