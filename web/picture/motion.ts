import type { Step } from './scene.ts'

/** Milliseconds from the listening socket to a socket's own place, and along the whole line. */
const BIRTH_MS = 700
export const PULSE_MS = 900
/** Limit of simultaneous pulses; more would show nothing new. */
const PULSES_MAX = 600
/** More births than this in one frame appear at once, without motion. */
const BIRTHS_MAX = 40

export interface Pulse {
  place: number
  toServer: boolean
  /** 0 to 1. */
  t: number
}

/** Everything in motion. Times are those of animation frames. */
export class Motion {
  /** Number of pulses started so far. */
  births = 0
  pulses = 0
  /** Off: states change at once and nothing moves. */
  on = true
  #bornAt = new Map<number, number>()
  #pulsePlace = new Int32Array(PULSES_MAX)
  #pulseAt = new Float64Array(PULSES_MAX)
  #pulseToServer = new Uint8Array(PULSES_MAX)
  #pulseCount = 0
  /** Start of the last pulse per place and direction, so that a stream is a row of pulses and not a smear. */
  #lastPulse = new Map<number, number>()

  get busy(): boolean {
    return this.#pulseCount > 0 || this.#bornAt.size > 0
  }

  take(step: Step, time: number): void {
    if (step.renumbered) this.clear()
    if (!this.on || step.renumbered) return
    if (step.born.length <= BIRTHS_MAX) {
      for (const place of step.born) {
        this.#bornAt.set(place, time)
        this.births++
      }
    }
    for (const place of step.bytesIn) this.#send(place, true, time)
    for (const place of step.bytesOut) this.#send(place, false, time)
  }

  /** Stops the motion of a place without a socket. */
  drop(place: number): void {
    this.#bornAt.delete(place)
    for (let i = this.#pulseCount - 1; i >= 0; i--) if (this.#pulsePlace[i] === place) this.#remove(i)
  }

  clear(): void {
    this.#bornAt.clear()
    this.#lastPulse.clear()
    this.#pulseCount = 0
  }

  /** @returns progress from the listening socket, 0 to 1; null once it has arrived */
  birth(place: number, time: number): number | null {
    const at = this.#bornAt.get(place)
    return at === undefined ? null : Math.min(1, (time - at) / BIRTH_MS)
  }

  /** Places in motion, and those that have just arrived. */
  travelling(time: number): { going: number[]; arrived: number[] } {
    const going: number[] = []
    const arrived: number[] = []
    for (const [place, at] of this.#bornAt) {
      if (time - at < BIRTH_MS) going.push(place)
      else arrived.push(place)
    }
    for (const place of arrived) this.#bornAt.delete(place)
    return { going, arrived }
  }

  isTravelling(place: number): boolean {
    return this.#bornAt.has(place)
  }

  eachPulse(time: number, draw: (pulse: Pulse) => void): void {
    for (let i = this.#pulseCount - 1; i >= 0; i--) {
      const t = (time - (this.#pulseAt[i] ?? 0)) / PULSE_MS
      if (t >= 1) this.#remove(i)
      else if (t >= 0) draw({ place: this.#pulsePlace[i] ?? 0, toServer: this.#pulseToServer[i] === 1, t })
    }
  }

  #send(place: number, toServer: boolean, time: number): void {
    const key = place * 2 + (toServer ? 1 : 0)
    if (this.#pulseCount === PULSES_MAX || time - (this.#lastPulse.get(key) ?? -Infinity) < PULSE_MS / 6) return
    this.#lastPulse.set(key, time)
    // Bytes sent at birth start moving once the socket is in its place.
    const born = this.#bornAt.get(place)
    this.#pulsePlace[this.#pulseCount] = place
    this.#pulseToServer[this.#pulseCount] = toServer ? 1 : 0
    this.#pulseAt[this.#pulseCount++] = born === undefined ? time : Math.max(time, born + BIRTH_MS)
    this.pulses++
  }

  #remove(i: number): void {
    const last = --this.#pulseCount
    this.#lastPulse.delete((this.#pulsePlace[i] ?? 0) * 2 + (this.#pulseToServer[i] ?? 0))
    this.#pulsePlace[i] = this.#pulsePlace[last] ?? 0
    this.#pulseAt[i] = this.#pulseAt[last] ?? 0
    this.#pulseToServer[i] = this.#pulseToServer[last] ?? 0
  }
}
