import { beforeEach, expect, test } from 'vitest'
import { BESIDE_MS, Layers } from '../../../web/picture/layers.ts'
import { layoutFor } from '../../../web/picture/layout.ts'
import { Motion } from '../../../web/picture/motion.ts'
import type { Palette } from '../../../web/picture/palette.ts'
import { Scene } from '../../../web/picture/scene.ts'
import type { Drawing } from '../../../web/picture/view.ts'
import { Table } from '../../../web/live/table.ts'
import { LISTENER } from '../live/listener.ts'
import { connection, COUNTERS, NOW } from '../live/rows.ts'

const SIZE = { width: 1390, height: 480 }
const COLOURS = new Proxy({}, { get: () => '#000' }) as Palette

/** A canvas that tells when it is cleared, which each painting begins with. */
function canvas(onClear: () => void): HTMLCanvasElement {
  const measureText = () => ({ width: 10 })
  const methods: Record<string, unknown> = { clearRect: onClear, measureText }
  const context = new Proxy(methods, { get: (_, name) => methods[String(name)] ?? (() => {}), set: () => true })
  return { getContext: () => context, hidden: false } as unknown as HTMLCanvasElement
}

let painted: string[]
let layers: Layers
let motion: Motion
let time: number

beforeEach(() => {
  painted = []
  const named = (name: string) => canvas(() => void painted.push(name))
  layers = new Layers({ beside: named('beside'), dots: named('dots'), moving: named('moving') })
  layers.resize(SIZE.width, SIZE.height, 1)
  motion = new Motion()
  time = 1_000
})

function drawing(count: number): Drawing {
  const table = new Table()
  const scene = new Scene(table)
  table.observe(scene)
  table.begin('one')
  const connections = Array.from({ length: count }, (_, index) => connection(index + 1))
  table.applySnapshot({ type: 'snapshot', seq: 1, total: count, connections, last: true, counters: COUNTERS })
  scene.step(NOW)
  const layout = layoutFor({ ...SIZE, mode: scene.mode, capacity: scene.capacity })
  if (layout.mode === 'many') scene.groups.arrange(layout.clientLine.room)
  const clientLines = connections.map((_, index) => index)
  return {
    scene,
    layout,
    palette: COLOURS,
    listener: LISTENER,
    kernel: null,
    clientLines,
    matches: null,
    address: null,
    names: { nameOf: () => null, nameAt: () => null },
  }
}

/** The layers that a frame paints. */
function frame(view: Drawing, hovered: number | null = null): string[] {
  painted.length = 0
  const pointed = { selected: null, hovered, mine: null, you: 'you' }
  layers.paint(view, motion, { time: (time += 16), now: NOW, places: [], pointed })
  return [...painted]
}

test.for([3, 100])('with %i sockets all layers are painted once, and none again while nothing changes', (count) => {
  const view = drawing(count)
  expect(frame(view).sort()).toEqual(['beside', 'dots', 'moving'])
  // What moves lies on what has just been painted, and is compared from now on.
  expect([frame(view), frame(view)]).toEqual([['moving'], []])
})

test('what is pointed at is painted without the rest', () => {
  const view = drawing(3)
  for (let each = 0; each < 3; each++) frame(view)
  expect(frame(view, 1)).toEqual(['moving'])
  expect(frame(view, 1)).toEqual([])
  expect(frame(view)).toEqual(['moving'])
})

test('the numbers beside many dots wait until they can be read, and those of few sockets change at once', () => {
  for (const [count, expected] of [
    [100, false],
    [3, true],
  ] as const) {
    const view = drawing(count)
    layers.spoil()
    frame(view)
    layers.staleBeside = true
    expect(frame(view).includes('beside')).toBe(expected)
    time += BESIDE_MS
    expect(frame(view).includes('beside')).toBe(!expected)
  }
})

test('a new size is painted at once, however new the last painting is', () => {
  const view = drawing(100)
  frame(view)
  layers.spoil()
  expect(frame(view)).toContain('beside')
})
