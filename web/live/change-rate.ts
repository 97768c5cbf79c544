/** Changes a second beyond which nobody follows single rows. */
const FLOOD = 1_500
/** As long as a sample of the kernel's table takes to come again, for its changes come at once. */
const WINDOW_MS = 1_000

/** How fast changes come, counted in windows. */
export class ChangeRate {
  /** In the last whole window, more changes came than somebody can follow. */
  flooded = false
  #from = -Infinity
  #count = 0

  /** @param at any clock in milliseconds that never goes back */
  add(changes: number, at: number): void {
    const took = at - this.#from
    if (took >= WINDOW_MS) {
      this.flooded = (this.#count / took) * 1000 > FLOOD
      this.#from = at
      this.#count = 0
    }
    this.#count += changes
  }
}
