import { expect, test } from 'vitest'
import { Annotations } from '../../../../web/stream/decode/annotations.ts'
import { notesOf } from '../../../../web/stream/decode/notes.ts'
import { StreamLayout } from '../../../../web/stream/layout.ts'
import type { ByteFormat } from '../../../../web/stream/view-options.ts'
import { followed } from '../frames.ts'

/** The notes of each row; `#` stands for a chunk's head. */
function rows(view: ByteFormat): string[] {
  const held = followed('{"a":1}\n{"b":1}\n', ['out', 'hello'], '{"c":[1,2,3,4,5]}\n[]\n')
  const found = new Annotations(held)
  const layout = new StreamLayout(held, { view, shown: 'both', columns: 80 })
  return Array.from({ length: layout.rows }, (_, row) => {
    const place = layout.place(row)
    if (place === undefined) return 'none'
    const notes = notesOf(place, layout, found).map(({ label }) => label)
    return [...(place.head ? ['#'] : []), ...notes].join(' ')
  })
}

test('the head of a chunk has the notes of its first row, every other row its own', () => {
  expect(rows('text')).toEqual(['# JSON {a}', '', 'JSON {b}', '#', '', '# JSON {c}', '', 'JSON [0]'])
})

test('a row of the hex view has all messages that begin in it', () => {
  expect(rows('hex')).toEqual(['# JSON {a} JSON {b}', '', '#', '', '# JSON {c}', '', 'JSON [0]'])
})
