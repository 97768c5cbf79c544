import type { KernelState, Listener } from '../../shared/stream.ts'
import type { Filter } from '../../shared/filter/filter.ts'
import type { Row } from '../live/row.ts'
import type { Show } from '../nav/address.ts'
import { Canvas } from './canvas.ts'
import { neighbour, hitAt, type ArrowDirection, type Hit } from './hit.ts'
import { layoutFor, socketPoint, type PictureLayout, type Point } from './layout.ts'
import { Motion } from './motion.ts'
import { paintFew } from './paint-few.ts'
import { paintLabels } from './paint-labels.ts'
import { paintAllDots, paintMany, repaintDots } from './paint-many.ts'
import { paintMoving, type Pointed } from './paint-moving.ts'
import { paintPort } from './paint-port.ts'
import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'
import { isDim, orderClients, waitingSockets, type Drawing } from './view.ts'

/** Minimum interval between updates of the text beside the dots: faster numbers are unreadable. Milliseconds. */
const BESIDE_MS = 250
/** Update interval of TIME_WAIT countdowns. */
const COUNTDOWN_MS = 500
const AGAIN_MS = 1000

export interface PictureOptions {
  scene: Scene
  canvases: { beside: HTMLCanvasElement; dots: HTMLCanvasElement; moving: HTMLCanvasElement }
  palette: () => Palette
  /** The server's clock, Unix milliseconds. */
  clock: () => number
  /** Called after each drawing. */
  onDrawn: (view: Drawing, motion: Motion) => void
}

export interface PortFacts {
  listener: Listener
  kernel: KernelState | null
}

/** Draws the scene when something changes or moves, and does nothing otherwise. */
export class Picture {
  readonly motion = new Motion()
  #options: PictureOptions
  #beside: Canvas
  #dots: Canvas
  #moving: Canvas
  #view: Drawing | null = null
  #facts: PortFacts | null = null
  #palette: Palette
  #layout: PictureLayout | null = null
  #matches: Drawing['matches'] = null
  #timed = false
  #address: string | null = null
  #selected: number | null = null
  #hovered: number | null = null
  #mine: number | null = null
  #you = ''
  #frozen = false
  #frame: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  /** The facts of the port as drawn. */
  #told = ''
  /** What was pointed at in the drawing; null if something moved in it. */
  #still: string | null = null
  #staleBeside = true
  #staleDots = true
  #besideAt = -Infinity
  #againAt = 0

  constructor(options: PictureOptions) {
    this.#options = options
    const { beside, dots, moving } = options.canvases
    this.#beside = new Canvas(beside)
    this.#dots = new Canvas(dots)
    this.#moving = new Canvas(moving)
    this.#palette = options.palette()
  }

  /** Draws with the next animation frame. A hidden tab has none and draws once it is visible again. */
  request(): void {
    this.#frame ??= requestAnimationFrame((time) => {
      this.#frame = null
      this.#draw(time)
    })
  }

  stop(): void {
    this.#stopped = true
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
  }

  /** @param ratio device pixels per CSS pixel */
  resize(width: number, height: number, ratio: number): void {
    for (const canvas of [this.#beside, this.#dots, this.#moving]) canvas.resize(width, height, ratio)
    this.#layout = null
    this.#redraw()
  }

  recolour(): void {
    // A font may have loaded after the drawing has left the page.
    if (this.#stopped) return
    this.#palette = this.#options.palette()
    this.#redraw()
  }

  tell(facts: PortFacts): void {
    const { listener, kernel } = facts
    // Each sample is told, four times a second; drawing the same again would cost most of an idle page's time.
    const told = JSON.stringify([listener, kernel?.acceptQueue, kernel?.timeWait, waitingSockets(facts).length])
    this.#facts = facts
    if (told === this.#told) return
    this.#told = told
    this.#staleBeside = true
    this.request()
  }

  /** Same filter as the list: sockets that do not match are dimmed. */
  setFilter(filter: Filter, show: Show): void {
    const { clock } = this.#options
    this.#timed = !filter.empty
    this.#matches =
      filter.empty && show === 'all'
        ? null
        : (row: Row) => (show === 'all' || row.live === (show === 'live')) && filter.matches(row, clock())
    this.#redraw()
  }

  /** Freezes the picture. On resume it shows the current state. */
  setFrozen(frozen: boolean): void {
    if (this.#frozen && !frozen) this.#options.scene.replaced()
    this.#frozen = frozen
    this.request()
  }

  setMotion(on: boolean): void {
    this.motion.on = on
    if (!on) this.motion.clear()
    this.#redraw()
  }

  select(id: number | null): void {
    this.#selected = id
    this.request()
  }

  /** @param you the label of the visitor's own connection */
  setMine(id: number | null, you: string): void {
    this.#mine = id
    this.#you = you
    this.request()
  }

  hover(hit: Hit | null): void {
    const hovered = hit?.kind === 'socket' ? (this.#options.scene.rows[hit.place]?.id ?? null) : null
    const address = hit?.kind === 'address' ? hit.address : null
    if (hovered === this.#hovered && address === this.#address) return
    this.#hovered = hovered
    if (address !== this.#address) {
      this.#address = address
      this.#redraw()
    }
    this.request()
  }

  hitAt(point: Point): Hit | null {
    return this.#view && hitAt(this.#view, point)
  }

  rowAt(place: number): Row | null {
    return this.#options.scene.rows[place] ?? null
  }

  pointOf(id: number): Point | null {
    const place = this.#options.scene.placeOf(id)
    return place === null || !this.#view ? null : socketPoint(this.#view.layout, place)
  }

  /** The next connection from a given one; skips dimmed ones. */
  next(from: number | null, direction: ArrowDirection): number | null {
    if (!this.#view) return null
    // Apply pending requests first.
    const view = { ...this.#view, matches: this.#matches }
    const { scene, layout } = view
    const place = neighbour(layout, from === null ? null : scene.placeOf(from), direction, (candidate) => {
      const row = scene.rows[candidate]
      return row !== null && row !== undefined && !isDim(view, row)
    })
    return place === null ? null : (scene.rows[place]?.id ?? null)
  }

  #redraw(): void {
    this.#staleBeside = true
    this.#staleDots = true
    this.#besideAt = -Infinity
    this.request()
  }

  #draw(time: number): void {
    const { scene, clock, onDrawn } = this.#options
    const { width, height } = this.#moving
    if (!this.#facts || width === 0 || height === 0) return
    const now = clock()
    const touched = this.#frozen ? [] : this.#step(time, now)
    const layout = (this.#layout ??= layoutFor({ width, height, mode: scene.mode, capacity: scene.capacity }))
    if (layout.mode === 'many' && scene.groups.arrange(layout.clientLine.room)) this.#staleBeside = true
    const view: Drawing = {
      ...{ scene, layout, palette: this.#palette, matches: this.#matches, address: this.#address },
      ...this.#facts,
      clientLines: layout.mode === 'few' ? orderClients(scene) : [],
    }
    this.#view = view
    const arrived = this.motion.travelling(time).arrived
    if (arrived.length > 0 || touched.length > 0) this.#staleBeside = true
    const hidden = (place: number) => this.motion.isTravelling(place)
    this.#paintDots(view, [...touched, ...arrived], hidden)
    const beside = this.#paintBeside(view, time, now, hidden)
    const pointed = {
      selected: this.#placeOf(this.#selected),
      hovered: this.#placeOf(this.#hovered),
      mine: this.#placeOf(this.#mine),
      you: this.#you,
    }
    this.#paintMoving(view, pointed, time, now, beside)
    onDrawn(view, this.motion)
    this.#goOn(now)
  }

  #step(time: number, now: number): number[] {
    const { scene } = this.#options
    if (now >= this.#againAt) {
      this.#againAt = now + AGAIN_MS
      scene.lookAgain()
      if (this.#timed) this.#staleDots = true
    }
    const step = scene.step(now)
    for (const place of step.touched) this.motion.drop(place)
    this.motion.take(step, time)
    if (step.moved) {
      this.#layout = null
      this.#redraw()
    }
    return step.touched
  }

  #placeOf(id: number | null): number | null {
    return id === null ? null : this.#options.scene.placeOf(id)
  }

  #paintDots(view: Drawing, places: number[], hidden: (place: number) => boolean): void {
    if (this.#staleDots) {
      this.#dots.show(view.layout.mode === 'many')
      this.#dots.clear()
      if (view.layout.mode === 'many') paintAllDots(this.#dots.context, view, hidden)
    } else if (view.layout.mode === 'many') repaintDots(this.#dots.context, view, places, hidden)
    this.#staleDots = false
  }

  /** @returns true if it was painted */
  #paintBeside(view: Drawing, time: number, now: number, hidden: (place: number) => boolean): boolean {
    const few = view.layout.mode === 'few'
    if (!this.#staleBeside || (!few && time - this.#besideAt < BESIDE_MS)) return false
    this.#staleBeside = false
    this.#besideAt = time
    const { context } = this.#beside
    this.#beside.clear()
    paintPort(context, view)
    if (few) paintFew(context, view, now, hidden)
    else paintMany(context, view, hidden)
    paintLabels(context, view)
    return true
  }

  /** Nothing is painted while nothing moves and the same is pointed at. @param beside what it lies on was painted */
  #paintMoving(view: Drawing, pointed: Pointed, time: number, now: number, beside: boolean): void {
    const moves = this.motion.busy || view.scene.ended > 0 || this.#staleBeside || beside
    const still = moves ? null : JSON.stringify(pointed)
    if (still !== null && still === this.#still) return
    this.#still = still
    this.#moving.clear()
    paintMoving(this.#moving.context, view, this.motion, pointed, time, now)
  }

  /** Schedules the next frame: at once if something moves, otherwise when something changes by itself. */
  #goOn(now: number): void {
    clearTimeout(this.#timer)
    const { scene } = this.#options
    if (this.#frozen) return
    const fading = this.motion.on && [...scene.endedPlaces()].some((place) => now - (scene.endedAt[place] ?? 0) < 3000)
    if (this.motion.busy || fading) this.request()
    else if (this.#staleBeside) this.#later(BESIDE_MS)
    else if (scene.ended > 0) this.#later(COUNTDOWN_MS)
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      // With few sockets the countdowns have text.
      this.#staleBeside = true
      this.request()
    }, ms)
  }
}
