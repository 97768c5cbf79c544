import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'
import { Groups, type Group } from './groups.ts'
import { capacityFor, FEW_MAX, modeAfter, Places, type Mode } from './places.ts'
import { countSick, isLive, SICK, type Sick, type SickCounts, sickOf, STATUS, type Status, statusOf } from './status.ts'

/** Milliseconds for which an ended socket fades out, if the kernel keeps nothing of it. */
export const FADE_MS = 2500
/** Limit of ended sockets drawn at once. */
const ENDED_MAX = 2000

export interface SceneSource {
  live: ReadonlyMap<number, Row>
  closed: ReadonlyMap<number, Row>
}

/** The changes of one step, by place. */
export interface Step {
  /** The number of places has changed, so they are at other positions. */
  moved: boolean
  /** Sockets have moved to other places; the lists below are invalid. */
  renumbered: boolean
  born: number[]
  /** Places with another status, another socket, or none any more. */
  touched: number[]
  bytesIn: number[]
  bytesOut: number[]
}

/**
 * The sockets shown by the picture: every live connection of the table, and recently ended ones. Each keeps its
 * place. The scene is told what changed and inspects nothing else.
 */
export class Scene implements TableObserver {
  /** By place. */
  readonly rows: (Row | null)[] = []
  /** By place: a Status. */
  status = new Uint8Array(64)
  /** By place: a Sick. */
  sick = new Uint8Array(64)
  /** By place: the server's time at which the socket ended, in milliseconds. */
  endedAt = new Float64Array(64)
  readonly groups = new Groups()
  mode: Mode = 'few'
  capacity = capacityFor('few', 0)
  /** Number of sockets per status. */
  readonly counts = new Int32Array(8)
  readonly sickCounts: SickCounts = [0, 0, 0]
  #bytesIn = new Float64Array(64)
  #bytesOut = new Float64Array(64)
  #source: SceneSource
  #fewMax: number
  #places = new Places()
  #placeOf = new Map<number, number>()
  /** Places of ended sockets, oldest first. */
  #ended = new Set<number>()
  #dirty = new Set<Row>()
  #removed = new Set<Row>()
  #replaced = true

  /** @param fewMax up to this number sockets have text */
  constructor(source: SceneSource, fewMax = FEW_MAX) {
    this.#source = source
    this.#fewMax = fewMax
  }

  changed(row: Row): void {
    this.#dirty.add(row)
  }

  removed(row: Row): void {
    this.#removed.add(row)
  }

  replaced(): void {
    this.#replaced = true
    this.#dirty.clear()
    this.#removed.clear()
  }

  get live(): number {
    return this.#count(STATUS.open) + this.#count(STATUS.half) + this.#count(STATUS.stopped)
  }

  get ended(): number {
    return this.#ended.size
  }

  /** All places are below this number. */
  get end(): number {
    return this.#places.end
  }

  /** True if the next step will report a change. */
  get pending(): boolean {
    return this.#replaced || this.#dirty.size > 0 || this.#removed.size > 0
  }

  placeOf(id: number): number | null {
    return this.#placeOf.get(id) ?? null
  }

  groupOf(row: Row): Group {
    return this.groups.of(isUnknownEndpoint(row.remote) ? '' : row.remote.address)
  }

  statusAt(place: number): Status {
    return (this.status[place] ?? STATUS.none) as Status
  }

  sickAt(place: number): Sick {
    return (this.sick[place] ?? SICK.none) as Sick
  }

  /** True while something fades or counts down, and so changes its look by itself. */
  endedPlaces(): ReadonlySet<number> {
    return this.#ended
  }

  /** @param now the server's clock */
  step(now: number): Step {
    const step: Step = { moved: false, renumbered: false, born: [], touched: [], bytesIn: [], bytesOut: [] }
    if (this.#replaced) this.#refill(now, step)
    for (const row of this.#dirty) this.#apply(row, now, step)
    this.#dirty.clear()
    for (const { id } of this.#removed) this.#release(this.#placeOf.get(id) ?? -1, step)
    this.#removed.clear()
    this.#expire(now, step)
    this.#arrange(step)
    return step
  }

  #apply(row: Row, now: number, step: Step): void {
    let place = this.#placeOf.get(row.id)
    if (place !== undefined && this.rows[place] !== row) {
      this.#release(place, step)
      place = undefined
    }
    if (place === undefined) {
      // A socket that opened and closed between two steps still shows its end.
      if (row.close !== null && now - row.close.at > FADE_MS) return
      place = this.#add(row, now)
      step.born.push(place)
      step.touched.push(place)
      if (row.bytesOut + row.bytesIn > 0 && row.close === null) step.bytesOut.push(place)
      return
    }
    if (row.bytesIn > (this.#bytesIn[place] ?? 0)) step.bytesIn.push(place)
    if (row.bytesOut > (this.#bytesOut[place] ?? 0)) step.bytesOut.push(place)
    this.#bytesIn[place] = row.bytesIn
    this.#bytesOut[place] = row.bytesOut
    const sicker = this.#setSick(place, row, sickOf(row))
    if (this.#setStatus(place, row, now) || sicker) step.touched.push(place)
  }

  #add(row: Row, now: number): number {
    const place = this.#places.take()
    if (place >= this.status.length) this.#grow()
    this.rows[place] = row
    this.#placeOf.set(row.id, place)
    this.groupOf(row).drawn++
    this.#bytesIn[place] = row.bytesIn
    this.#bytesOut[place] = row.bytesOut
    this.#setStatus(place, row, now)
    this.#setSick(place, row, sickOf(row))
    return place
  }

  /** @returns true if the status is different */
  #setStatus(place: number, row: Row, now: number): boolean {
    const before = this.statusAt(place)
    const status = statusOf(row)
    if (before === status) return false
    const group = this.groupOf(row)
    if (isLive(before) !== isLive(status)) group.live += isLive(status) ? 1 : -1
    this.#tally(before, status)
    this.status[place] = status
    if (!isLive(status)) {
      this.#ended.add(place)
      this.endedAt[place] = now
    }
    return true
  }

  /** @returns true if it is different */
  #setSick(place: number, row: Row, sick: Sick): boolean {
    const before = this.sickAt(place)
    if (before === sick) return false
    for (const counts of [this.sickCounts, this.groupOf(row).sick]) {
      countSick(counts, before, -1)
      countSick(counts, sick, 1)
    }
    this.sick[place] = sick
    return true
  }

  #tally(before: Status, status: Status): void {
    this.counts[before] = this.#count(before) - 1
    this.counts[status] = this.#count(status) + 1
    this.counts[STATUS.none] = 0
  }

  #count(status: Status): number {
    return this.counts[status] ?? 0
  }

  #release(place: number, step: Step): void {
    const row = this.rows[place]
    if (!row) return
    const status = this.statusAt(place)
    const group = this.groupOf(row)
    this.#setSick(place, row, SICK.none)
    if (isLive(status)) group.live--
    this.groups.leave(group)
    this.#tally(status, STATUS.none)
    this.status[place] = STATUS.none
    this.rows[place] = null
    this.#placeOf.delete(row.id)
    this.#ended.delete(place)
    this.#places.free(place)
    step.touched.push(place)
  }

  /** Removes faded sockets, and the oldest ended ones if room is short. */
  #expire(now: number, step: Step): void {
    for (const place of this.#ended) {
      const row = this.rows[place]
      const status = this.statusAt(place)
      const faded = now - (this.endedAt[place] ?? 0) >= FADE_MS
      if (!row || (faded && (row.kernel === null || status === STATUS.reset))) this.#release(place, step)
    }
    const room =
      modeAfter(this.mode, this.live, this.#fewMax) === 'few' ? Math.max(0, this.#fewMax - this.live) : ENDED_MAX
    for (const place of this.#ended) {
      if (this.#ended.size <= room) break
      this.#release(place, step)
    }
  }

  #arrange(step: Step): void {
    const mode = modeAfter(this.mode, this.live, this.#fewMax)
    // Moving all sockets only pays if half of a smaller number of places would do.
    const roomy = capacityFor(mode, this.#places.count * 2)
    if (mode !== this.mode || roomy < this.capacity || (mode === 'few' && this.end > this.#fewMax)) {
      this.#compact()
      this.capacity = mode === this.mode ? roomy : capacityFor(mode, this.end)
      this.mode = mode
      step.moved = true
      step.renumbered = true
    } else if (this.end > this.capacity) {
      this.capacity = capacityFor(mode, this.end)
      step.moved = true
    }
  }

  #compact(): void {
    const kept = [...this.#placeOf.values()].sort((a, b) => a - b)
    for (const [place, from] of kept.entries()) {
      if (place === from) continue
      const row = this.rows[from]
      if (!row) continue
      this.rows[place] = row
      this.rows[from] = null
      for (const values of [this.status, this.sick, this.endedAt, this.#bytesIn, this.#bytesOut]) {
        values[place] = values[from] ?? 0
        values[from] = 0
      }
      this.#placeOf.set(row.id, place)
      if (this.#ended.delete(from)) this.#ended.add(place)
    }
    this.#places.clear()
    for (let taken = 0; taken < kept.length; taken++) this.#places.take()
  }

  #grow(): void {
    const length = this.status.length * 2
    const longer = <T extends Uint8Array | Float64Array>(values: T, next: T): T => {
      next.set(values)
      return next
    }
    this.status = longer(this.status, new Uint8Array(length))
    this.sick = longer(this.sick, new Uint8Array(length))
    this.endedAt = longer(this.endedAt, new Float64Array(length))
    this.#bytesIn = longer(this.#bytesIn, new Float64Array(length))
    this.#bytesOut = longer(this.#bytesOut, new Float64Array(length))
  }

  /** The table was replaced: sockets that still exist keep their places. */
  #refill(now: number, step: Step): void {
    this.#replaced = false
    const { live, closed } = this.#source
    for (let place = this.end - 1; place >= 0; place--) {
      const row = this.rows[place]
      if (row && live.get(row.id) !== row && closed.get(row.id) !== row) this.#release(place, step)
    }
    for (const row of live.values()) this.#renew(row, now)
    for (const row of closed.values()) {
      if (this.#placeOf.has(row.id) || row.kernel?.tcpState === 'TIME_WAIT') this.#renew(row, now)
    }
    step.moved = true
    step.renumbered = true
  }

  #renew(row: Row, now: number): void {
    const place = this.#placeOf.get(row.id)
    if (place === undefined) this.#add(row, now)
    else {
      this.#setStatus(place, row, now)
      this.#setSick(place, row, sickOf(row))
    }
  }
}
