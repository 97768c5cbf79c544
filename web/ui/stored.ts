const PREFIX = 'oneport.'

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface StoredOptions<T> {
  /** @returns null for text that this page has not written, or would no longer write */
  parse: (text: string) => T | null
  format: (value: T) => string
  /** A getter, because a browser that keeps nothing throws where `localStorage` is read. */
  storage?: (() => Store) | undefined
}

/** One value kept in the browser. Where the browser refuses to keep it, the page keeps it until it is closed. */
export class Stored<T> {
  readonly #key: string
  readonly #parse: (text: string) => T | null
  readonly #format: (value: T) => string
  readonly #storage: () => Store
  /** The value that the browser refused to keep. */
  #own: { value: T | null } | null = null

  constructor(name: string, { parse, format, storage = () => localStorage }: StoredOptions<T>) {
    this.#key = PREFIX + name
    this.#parse = parse
    this.#format = format
    this.#storage = storage
  }

  /** Reads the browser's value each time, since other tabs change it too. */
  get(): T | null {
    if (this.#own) return this.#own.value
    try {
      const text = this.#storage().getItem(this.#key)
      return text === null ? null : this.#parse(text)
    } catch {
      return null
    }
  }

  /** @param value null removes it */
  set(value: T | null): void {
    try {
      if (value === null) this.#storage().removeItem(this.#key)
      else this.#storage().setItem(this.#key, this.#format(value))
      this.#own = null
    } catch {
      this.#own = { value }
    }
  }
}

/** Options for a text that is one of a few. */
export function oneOf<T extends string>(values: readonly T[]): Pick<StoredOptions<T>, 'parse' | 'format'> {
  return { parse: (text) => values.find((value) => value === text) ?? null, format: (value) => value }
}
