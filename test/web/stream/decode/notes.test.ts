import { expect, test } from 'vitest'
import { Annotations } from '../../../../web/stream/decode/annotations.ts'
import { notesOf } from '../../../../web/stream/decode/notes.ts'
import type { ByteFormat } from '../../../../web/stream/view-options.ts'
import { followed, layoutOf, type Part } from '../frames.ts'

/** The notes of each row; `#` stands for a row that has nothing else. */
function rows(view: ByteFormat, parts: Part[], columns = 80): string[] {
  const held = followed(...parts)
  const found = new Annotations(held)
  found.update()
  const layout = layoutOf(held, { view, columns })
  return Array.from({ length: layout.rows }, (_, row) => {
    const place = layout.place(row)
    if (place === undefined) return 'none'
    const notes = notesOf(place, found).map(({ label }) => label)
    return [...(place.kind === 'notes' ? ['#'] : []), ...notes].join(' ')
  })
}

const SHORT: Part[] = ['{"a":1}\n{"b":1}\n', ['out', 'hello'], '{"c":[1,2,3,4,5]}\n[]\n']

test('a row has the messages that begin in it', () => {
  expect(rows('text', SHORT)).toEqual(['JSON {a}', 'JSON {b}', '', 'JSON {c}', 'JSON [0]'])
  expect(rows('hex', SHORT)).toEqual(['JSON {a} JSON {b}', '', 'JSON {c}', 'JSON [0]'])
})

const REQUEST = 'GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n'

test('above a long chunk without room beside its first row, they have a row of their own', () => {
  expect(rows('text', [REQUEST], 30)).toEqual(['# HTTP GET /index.html', '', '', ''])
  expect(rows('hex', [REQUEST])).toEqual(['# HTTP GET /index.html', '', '', ''])
  expect(rows('text', [REQUEST], 80)).toEqual(['HTTP GET /index.html', '', ''])
})

test('a message of a row or two has no row above it', () => {
  const message = `{"op":"${'x'.repeat(40)}"}\n`
  expect(rows('text', [message], 40)).toEqual(['JSON {op}', ''])
})

test('a row for notes comes when the message is whole', () => {
  const held = followed('{"a":[\t1,\t2,\t3,\t4,\t5')
  const found = new Annotations(held)
  const layout = layoutOf(held, { columns: 16 })
  layout.update([], found.update())
  const before = layout.rows
  const held2 = held
  held2.apply({
    type: 'payload',
    id: 1,
    from: { in: 0, out: 0 },
    to: { in: 0, out: 0 },
    more: false,
    chunks: [{ n: 2, at: 1000, direction: 'in', offset: held.streams.in.to, data: btoa(']}\n') }],
  })
  layout.update([], found.update())
  expect(layout.rows).toBe(before + 2)
  expect(layout.place(0)).toMatchObject({ kind: 'notes' })
})
