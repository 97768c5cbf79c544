import { Canvas } from './canvas.ts'
import type { Motion } from './motion.ts'
import { paintFew } from './paint-few.ts'
import { paintLabels } from './paint-labels.ts'
import { paintAllDots, paintMany, repaintDots } from './paint-many.ts'
import { paintMoving, type Pointed } from './paint-moving.ts'
import { paintPort } from './paint-port.ts'
import type { Drawing } from './view.ts'

/** Minimum interval between updates of the text beside the dots: faster numbers are unreadable. Milliseconds. */
export const BESIDE_MS = 250

export interface Canvases {
  beside: HTMLCanvasElement
  dots: HTMLCanvasElement
  moving: HTMLCanvasElement
}

export interface Frame {
  /** Of the animation frame, and on the server's clock. */
  time: number
  now: number
  /** Places whose dots have changed. */
  places: number[]
  pointed: Pointed
}

/** The canvases, one on top of the other. Each is painted only if it is stale; the last one also while something moves. */
export class Layers {
  /** The port, the clients, and the text beside the dots. With few sockets, these too. */
  staleBeside = true
  staleDots = true
  readonly #beside: Canvas
  readonly #dots: Canvas
  readonly #moving: Canvas
  #besideAt = -Infinity
  /** What was pointed at in the drawing; null if something moved in it. */
  #still: string | null = null

  constructor({ beside, dots, moving }: Canvases) {
    this.#beside = new Canvas(beside)
    this.#dots = new Canvas(dots)
    this.#moving = new Canvas(moving)
  }

  get size(): { width: number; height: number } {
    return this.#moving
  }

  /** @param ratio device pixels per CSS pixel */
  resize(width: number, height: number, ratio: number): void {
    for (const canvas of [this.#beside, this.#dots, this.#moving]) canvas.resize(width, height, ratio)
  }

  /** Everything is painted with the next frame, even if it has just been painted. */
  spoil(): void {
    this.staleBeside = true
    this.staleDots = true
    this.#besideAt = -Infinity
  }

  paint(view: Drawing, motion: Motion, frame: Frame): void {
    const hidden = (place: number): boolean => motion.isTravelling(place)
    this.#paintDots(view, frame, hidden)
    const besidePainted = this.#paintBeside(view, frame, hidden)
    this.#paintMoving(view, motion, frame, besidePainted)
  }

  #paintDots(view: Drawing, { places }: Frame, hidden: (place: number) => boolean): void {
    if (this.staleDots) {
      this.#dots.show(view.layout.mode === 'many')
      this.#dots.clear()
      if (view.layout.mode === 'many') paintAllDots(this.#dots.context, view, hidden)
    } else if (view.layout.mode === 'many') repaintDots(this.#dots.context, view, places, hidden)
    this.staleDots = false
  }

  /** @returns true if it was painted */
  #paintBeside(view: Drawing, { time, now }: Frame, hidden: (place: number) => boolean): boolean {
    const few = view.layout.mode === 'few'
    if (!this.staleBeside || (!few && time - this.#besideAt < BESIDE_MS)) return false
    this.staleBeside = false
    this.#besideAt = time
    const { context } = this.#beside
    this.#beside.clear()
    paintPort(context, view)
    if (few) paintFew(context, view, now, hidden)
    else paintMany(context, view, hidden)
    paintLabels(context, view)
    return true
  }

  /** Nothing is painted while nothing moves and the same is pointed at. @param besidePainted what it lies on was painted */
  #paintMoving(view: Drawing, motion: Motion, { time, now, pointed }: Frame, besidePainted: boolean): void {
    const moves = motion.busy || view.scene.ended > 0 || this.staleBeside || besidePainted
    const still = moves ? null : JSON.stringify(pointed)
    if (still !== null && still === this.#still) return
    this.#still = still
    this.#moving.clear()
    paintMoving(this.#moving.context, view, motion, pointed, time, now)
  }
}
