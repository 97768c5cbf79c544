import type { KernelState, Listener } from '../../shared/stream.ts'
import type { Filter } from '../../shared/filter/filter.ts'
import type { Row } from '../live/row.ts'
import type { Show } from '../nav/address.ts'
import { neighbour, hitAt, type ArrowDirection, type Hit } from './hit.ts'
import { BESIDE_MS, type Canvases, Layers } from './layers.ts'
import { layoutFor, socketPoint, type PictureLayout, type Point } from './layout.ts'
import { Motion } from './motion.ts'
import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'
import { sickIn } from './status.ts'
import { isDim, orderClients, waitingSockets, type Drawing, type Names } from './view.ts'

/** Update interval of TIME_WAIT countdowns. */
const COUNTDOWN_MS = 500
const AGAIN_MS = 1000
/** Longer than two frames at 60 a second, and shorter than three. */
const EVERY_THIRD_MS = 40

export interface PictureOptions {
  scene: Scene
  canvases: Canvases
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
  #layers: Layers
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
  #names: Names = { nameOf: () => null, nameAt: () => null }
  #frozen = false
  #frame: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  /** The facts of the port as drawn. */
  #told = ''
  #againAt = 0

  constructor(options: PictureOptions) {
    this.#options = options
    this.#layers = new Layers(options.canvases)
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
    this.#layers.resize(width, height, ratio)
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
    this.#layers.staleBeside = true
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

  /** Names have changed, or are hidden. */
  setNames(names: Names): void {
    this.#names = names
    this.#redraw()
  }

  /** Marks a connection in addition to the selected one. */
  hover(id: number | null): void {
    this.#hovered = id
    this.request()
  }

  /** Marks the connections of one address. */
  hoverAddress(address: string | null): void {
    if (address === this.#address) return
    this.#address = address
    this.#redraw()
  }

  hitAt(point: Point): Hit | null {
    return this.#view && hitAt(this.#view, point)
  }

  rowAt(place: number): Row | null {
    return this.#options.scene.rows[place] ?? null
  }

  /** How many sockets of an address have a problem. */
  sickOf(address: string): number {
    const group = this.#options.scene.groups.all.get(address)
    return group ? sickIn(group.sick).count : 0
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
    this.#layers.spoil()
    this.request()
  }

  #draw(time: number): void {
    const { scene, clock, onDrawn } = this.#options
    const { width, height } = this.#layers.size
    if (!this.#facts || width === 0 || height === 0) return
    const now = clock()
    const touched = this.#frozen ? [] : this.#step(time, now)
    const layout = (this.#layout ??= layoutFor({ width, height, mode: scene.mode, capacity: scene.capacity }))
    if (layout.mode === 'many' && scene.groups.arrange(layout.clientLine.room)) this.#layers.staleBeside = true
    const view: Drawing = {
      ...{
        scene,
        layout,
        palette: this.#palette,
        matches: this.#matches,
        address: this.#address,
        names: this.#names,
      },
      ...this.#facts,
      clientLines: layout.mode === 'few' ? orderClients(scene) : [],
    }
    this.#view = view
    const places = [...touched, ...this.motion.travelling(time).arrived]
    if (places.length > 0) this.#layers.staleBeside = true
    const pointed = {
      selected: this.#placeOf(this.#selected),
      hovered: this.#placeOf(this.#hovered),
      mine: this.#placeOf(this.#mine),
      you: this.#you,
    }
    this.#layers.paint(view, this.motion, { time, now, places, pointed })
    onDrawn(view, this.motion)
    this.#goOn(now)
  }

  #step(time: number, now: number): number[] {
    const { scene } = this.#options
    if (now >= this.#againAt) {
      this.#againAt = now + AGAIN_MS
      if (this.#timed) this.#layers.staleDots = true
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

  /** Schedules the next frame: at once if something moves, otherwise when something changes by itself. */
  #goOn(now: number): void {
    clearTimeout(this.#timer)
    const { scene } = this.#options
    if (this.#frozen) return
    const fading = this.motion.on && [...scene.endedPlaces()].some((place) => now - (scene.endedAt[place] ?? 0) < 3000)
    // Hundreds of small dots look the same at a third of the frames, which cost a third.
    if (this.motion.busy || fading) {
      if (scene.mode === 'few') this.request()
      else this.#timer = setTimeout(() => this.request(), EVERY_THIRD_MS)
    } else if (this.#layers.staleBeside) this.#later(BESIDE_MS)
    else if (scene.ended > 0) this.#later(COUNTDOWN_MS)
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      // With few sockets the countdowns have text.
      this.#layers.staleBeside = true
      this.request()
    }, ms)
  }
}
