/** Places grow in steps, so that one more connection rarely moves the others. Up to FEW_MAX each socket has text. */
export const FEW_MAX = 24
/** The limit at projector size. */
export const FEW_IN_A_ROOM = 16
/** The picture returns to text only below the limit by this number, so that it does not flicker between both forms. */
const FEW_LESS = 4
const FEW_STEPS = [4, 8, 16, FEW_MAX]
const MANY_FIRST = 64

export type Mode = 'few' | 'many'

export function modeAfter(before: Mode, live: number, fewMax: number): Mode {
  return live <= (before === 'few' ? fewMax : fewMax - FEW_LESS) ? 'few' : 'many'
}

/** The picture's number of places if the highest occupied one is `used - 1`. */
export function capacityFor(mode: Mode, used: number): number {
  if (mode === 'few') return FEW_STEPS.find((step) => step >= used) ?? FEW_MAX
  let capacity = MANY_FIRST
  while (capacity < used) capacity *= 2
  // Half a step is enough if dots already have their largest size.
  return capacity * 0.75 >= used ? capacity * 0.75 : capacity
}

/** Assigns numbers from 0; the lowest free number first. */
export class Places {
  #taken: boolean[] = []
  #firstFree = 0
  count = 0

  take(): number {
    while (this.#taken[this.#firstFree] === true) this.#firstFree++
    this.#taken[this.#firstFree] = true
    this.count++
    return this.#firstFree
  }

  free(place: number): void {
    this.#taken[place] = false
    this.count--
    this.#firstFree = Math.min(this.#firstFree, place)
    // Forget the free numbers above the highest occupied one.
    while (this.#taken.length > 0 && this.#taken.at(-1) !== true) this.#taken.pop()
  }

  /** One past the highest occupied number. */
  get end(): number {
    return this.#taken.length
  }

  clear(): void {
    this.#taken = []
    this.#firstFree = 0
    this.count = 0
  }
}
