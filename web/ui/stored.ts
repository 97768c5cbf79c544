const PREFIX = 'oneport.'

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface StoredOptions<T> {
  /** @returns null for text that the page would not write today */
  parse: (text: string) => T | null
  format: (value: T) => string
  /** A function, because reading `localStorage` throws in a browser that blocks storage. */
  storage?: (() => Store) | undefined
}

/** One value kept in the browser's storage. If the browser refuses, the value is kept in memory until the page is closed. */
export class Stored<T> {
  readonly #key: string
  readonly #parse: (text: string) => T | null
  readonly #format: (value: T) => string
  readonly #storage: () => Store
  /** A value that the browser refused to store. */
  #own: { value: T | null } | null = null

  constructor(name: string, { parse, format, storage = () => localStorage }: StoredOptions<T>) {
    this.#key = PREFIX + name
    this.#parse = parse
    this.#format = format
    this.#storage = storage
  }

  /** Reads the storage each time, because other tabs may have changed it. */
  get(): T | null {
    if (this.#own) return this.#own.value
    try {
      const text = this.#storage().getItem(this.#key)
      return text === null ? null : this.#parse(text)
    } catch {
      return null
    }
  }

  /** @param value null removes the value */
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

/** Parser and formatter for one of a few words. */
export function oneOf<T extends string>(values: readonly T[]): Pick<StoredOptions<T>, 'parse' | 'format'> {
  return { parse: (text) => values.find((value) => value === text) ?? null, format: (value) => value }
}
