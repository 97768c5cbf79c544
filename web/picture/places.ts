/** Places are made in steps, so that one more connection seldom moves the others. Up to FEW_MAX each is written out. */
export const FEW_MAX = 24
/** In the type of a room there is space for so many. */
export const FEW_IN_A_ROOM = 16
/** Back to few at so many less only: a picture that flickers between two forms is none. */
const FEW_LESS = 4
const FEW_STEPS = [4, 8, 16, FEW_MAX]
const MANY_FIRST = 64

export type Mode = 'few' | 'many'

export function modeAfter(before: Mode, live: number, fewMax: number): Mode {
  return live <= (before === 'few' ? fewMax : fewMax - FEW_LESS) ? 'few' : 'many'
}

/** How many places the picture has when the highest one that is taken is `used - 1`. */
export function capacityFor(mode: Mode, used: number): number {
  if (mode === 'few') return FEW_STEPS.find((step) => step >= used) ?? FEW_MAX
  let capacity = MANY_FIRST
  while (capacity < used) capacity *= 2
  // Half a step is enough, where it is: dots are as large as they can be.
  return capacity * 0.75 >= used ? capacity * 0.75 : capacity
}

/** Numbers from 0 on, the lowest free one first. */
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
    // What lies behind the last one that is taken was never there.
    while (this.#taken.length > 0 && this.#taken.at(-1) !== true) this.#taken.pop()
  }

  /** One past the highest that is taken. */
  get end(): number {
    return this.#taken.length
  }

  clear(): void {
    this.#taken = []
    this.#firstFree = 0
    this.count = 0
  }
}
