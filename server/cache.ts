/**
 * Remembers what was made for each key, so that equal values share their memory. A full cache starts over: most keys are
 * among a few, but clients could bring any number of them.
 */
export class Cache<K, V> {
  readonly #max: number
  readonly #make: (key: K) => V
  readonly #made = new Map<K, V>()

  constructor(max: number, make: (key: K) => V) {
    this.#max = max
    this.#make = make
  }

  get(key: K): V {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const value = this.#make(key)
    if (this.#made.size >= this.#max) this.#made.clear()
    this.#made.set(key, value)
    return value
  }
}
