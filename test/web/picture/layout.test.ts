import { describe, expect, test } from 'vitest'
import { neighbour } from '../../../web/picture/hit.ts'
import {
  type Box,
  cellAt,
  cellBox,
  clientBox,
  clientPoint,
  clientTurn,
  gateShare,
  layoutFor,
  placeAt,
  type Point,
  socketPoint,
  socketTurn,
  wordsBox,
} from '../../../web/picture/layout.ts'
import { lineOf, pointOn } from '../../../web/picture/line.ts'

const SIZES = [
  { width: 390, height: 1020 },
  { width: 768, height: 640 },
  { width: 1390, height: 480 },
  { width: 1870, height: 640 },
]
const SCENES = [
  { mode: 'few', capacity: 4 },
  { mode: 'few', capacity: 24 },
  { mode: 'many', capacity: 64 },
  { mode: 'many', capacity: 32_768 },
] as const
const LAYOUTS = SIZES.flatMap((size) => SCENES.map((scene) => layoutFor({ ...size, ...scene })))

function within(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x - 0.01 &&
    inner.y >= outer.y - 0.01 &&
    inner.x + inner.width <= outer.x + outer.width + 0.01 &&
    inner.y + inner.height <= outer.y + outer.height + 0.01
  )
}

function inside(point: Point, box: Box): boolean {
  const across = point.x > box.x && point.x < box.x + box.width
  return across && point.y > box.y + 1 && point.y < box.y + box.height - 1
}

describe.each(LAYOUTS)('$width x $height, $mode, $capacity', (layout) => {
  const lineTo = (place: number) => {
    const lines = layout.mode === 'few' ? layout.capacity : layout.clientLine.room
    const client = place % lines
    return lineOf(layout, place, {
      client: clientPoint(layout, client, lines),
      leaves: clientTurn(layout, client, lines),
      comes: socketTurn(layout, place),
      socket: socketPoint(layout, place),
    })
  }
  const places = [
    ...new Set(Array.from({ length: 64 }, (_, index) => Math.floor((index * (layout.capacity - 1)) / 63))),
  ]

  test('every socket has a cell of its own, in the picture and beside the port', () => {
    const all = { x: 0, y: 0, width: layout.width, height: layout.height }
    for (const place of places) {
      const box = cellBox(layout, place)
      expect(within(box, all)).toBe(true)
      expect(layout.portrait ? box.y : box.x).toBeGreaterThan(
        layout.portrait ? layout.port.y + layout.port.height : layout.port.x + layout.port.width,
      )
      expect(placeAt(layout, cellAt(layout, place))).toBe(place)
    }
  })

  test('the words in place of the clients stay beside or above the port', () => {
    const words = wordsBox(layout)
    expect(within(words, { x: 0, y: 0, width: layout.width, height: layout.height })).toBe(true)
    expect(layout.portrait ? words.y + words.height : words.x + words.width).toBeLessThan(
      layout.portrait ? layout.port.y : layout.port.x,
    )
    expect(words.width).toBeGreaterThan(150)
  })

  test('the listening socket and the gate are of the one port', () => {
    expect(within(layout.listening, layout.port)).toBe(true)
    expect(within(layout.gate, layout.port)).toBe(true)
  })

  test('every line passes the gate, and none the listening socket', () => {
    const { listening } = layout
    for (const place of places) {
      const line = lineTo(place)
      expect(gateShare(layout, place)).toBeGreaterThan(0)
      expect(gateShare(layout, place)).toBeLessThan(1)
      expect(within({ ...pointOn(line, 0.5), width: 0, height: 0 }, layout.gate)).toBe(true)
      for (let t = 0; t <= 1; t += 0.02) {
        expect(within({ ...pointOn(line, t), width: 0, height: 0 }, listening)).toBe(false)
      }
    }
  })

  test('no line passes behind what is written of another connection', () => {
    if (layout.mode === 'many') return
    const written = places.flatMap((place) => {
      const [mark, cell] = [socketPoint(layout, place), cellBox(layout, place)]
      const client = clientBox(layout, place, layout.capacity)
      const end = clientPoint(layout, place, layout.capacity)
      return [
        { place, box: { ...cell, x: mark.x, width: cell.x + cell.width - mark.x } },
        { place, box: { ...client, width: end.x - client.x } },
      ]
    })
    for (const place of places) {
      const line = lineTo(place)
      for (let t = 0; t <= 1; t += 0.01) {
        const point = { ...pointOn(line, t), width: 0, height: 0 }
        expect(written.filter((other) => other.place !== place && inside(point, other.box))).toEqual([])
      }
    }
  })
})

test('arrow keys reach every socket, and pass over those that are not wanted', () => {
  const layout = layoutFor({ width: 1390, height: 480, mode: 'many', capacity: 64 })
  const wanted = (place: number) => place < 60 && place % 2 === 0
  const reached: number[] = []
  for (let at = neighbour(layout, null, 'down', wanted); at !== null; at = neighbour(layout, at, 'down', wanted))
    reached.push(at)
  expect(reached).toEqual(Array.from({ length: 30 }, (_, index) => index * 2))
  expect(neighbour(layout, 58, 'up', wanted)).toBe(56)
  expect(neighbour(layout, 0, 'right', wanted)).toBe(
    layout.perColumn % 2 === 0 ? layout.perColumn : 2 * layout.perColumn,
  )
})
