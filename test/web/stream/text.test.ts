import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Followed } from '../../../web/stream/followed.ts'
import { linesOf, textPieces } from '../../../web/stream/text-lines.ts'
import { eachCharacter, isInvalid } from '../../../web/stream/utf8.ts'
import { columnsOf, markOf } from '../../../web/stream/visible.ts'
import { followed, layoutOf, Sender } from './frames.ts'

const NO_HIT = () => null

/** The drawn lines of each chunk. */
function drawn(held: Followed, columns = 1000): string[][] {
  return Array.from(held.after(0), (chunk) => {
    const stream = held.streams[chunk.direction]
    const starts = linesOf(chunk, stream, columns)
    return starts.map((start, index) => {
      const end = chunk.offset + (starts[index + 1] ?? chunk.end - chunk.offset)
      return textPieces(stream, chunk.offset + start, end, NO_HIT)
        .map(({ text }) => text)
        .join('')
    })
  })
}

/** The whole text in one line, without the marks for characters that began in an earlier chunk. */
function whole(held: Followed): string {
  return drawn(held)
    .flatMap((lines) => (lines.join('') === '…' ? [] : lines))
    .join('')
}

function cut(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length || 1)))].filter((cut) => cut > 0)
  const ends = [...places.sort((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

/** Bytes in which multi-byte characters, broken ones and controls are likely. */
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Array.from(new TextEncoder().encode(text))),
      fc.array(fc.constantFrom(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xed, 0xa0, 0x0d, 0x41), {
        maxLength: 6,
      }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => Uint8Array.from(parts.flat().filter((byte) => byte !== 0x0a && byte !== 0x09)))

describe('UTF-8', () => {
  test('agrees with the decoder of the platform on what is valid', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const { streams } = followed(all)
        let text = ''
        let valid = true
        eachCharacter(streams.in, 0, all.length, (code) => {
          if (isInvalid(code)) valid = false
          else text += String.fromCodePoint(code)
        })
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
        if (valid) expect(decoder.decode(all)).toBe(text)
        else expect(() => decoder.decode(all)).toThrow()
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['é', '€', '😀', 'a😀b€'])('%s is one, wherever a chunk ends within it', (text) => {
    const all = new TextEncoder().encode(text)
    for (let first = 1; first < all.length; first++) {
      for (let second = first; second < all.length; second++) {
        expect(whole(followed(...cut(all, [first, second])))).toBe(text)
      }
    }
  })

  test('however the bytes are cut into chunks, the text is the same', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(200), { maxLength: 30 }), (all, cuts) => {
        expect(whole(followed(...cut(all, cuts)))).toBe(whole(followed(all)))
      }),
      { numRuns: 2000 },
    )
  })

  test('a character whose rest has not come yet is shown as its bytes, then as itself', () => {
    const sender = new Sender()
    const held = followed()
    held.apply(sender.frame(sender.chunk('in', Uint8Array.of(0x41, 0xe2, 0x82))))
    expect(drawn(held)).toEqual([['A<E2><82>']])
    held.apply(sender.frame(sender.chunk('out', 'between'), sender.chunk('in', Uint8Array.of(0xac, 0x42))))
    expect(drawn(held)).toEqual([['A€'], ['between'], ['B']])
  })

  test('a chunk that is only the rest of a character says so', () => {
    expect(drawn(followed(Uint8Array.of(0xc3), Uint8Array.of(0xa9)))).toEqual([['é'], ['…']])
  })

  test('the directions do not complete each other', () => {
    expect(drawn(followed(Uint8Array.of(0xc3), ['out', Uint8Array.of(0xa9)]))).toEqual([['<C3>'], ['<A9>']])
  })

  test('where the beginning was dropped within a character, its rest is shown as bytes', () => {
    const sender = new Sender()
    const held = followed()
    held.apply(sender.frame(sender.chunk('in', '€x')))
    sender.drop({ in: 1 })
    held.apply(sender.frame(sender.chunk('in', 'y')))
    expect(drawn(held)).toEqual([['<82><AC>x'], ['y']])
  })
})

describe('what would not be seen', () => {
  test.each([
    ['a control character', '\x1b[31m', 'ESC[31m'],
    ['NUL and DEL', '\0\x7f', 'NULDEL'],
    ['a C1 control', '\u009b', '<009B>'],
    ['a bidirectional override', 'a\u202eb\u2066', 'a<202E>b<2066>'],
    ['a zero-width character', 'a\u200bb\u200d\ufeff', 'a<200B>b<200D><FEFF>'],
    ['a space that is none', '\u00a0\u3000', '<00A0><3000>'],
    ['a line separator', '\u2028', '<2028>'],
    ['a soft hyphen', '\u00ad', '<00AD>'],
    ['a Hangul filler', '\u3164', '<3164>'],
    ['a tag character', '\u{e0041}', '<E0041>'],
    ['a character for private use', '\ue000', '<E000>'],
  ])('%s is shown by a mark', (_, text, shown) => {
    expect(drawn(followed(text))).toEqual([[shown]])
  })

  test('a byte that is no UTF-8 is shown by its value, U+FFFD by itself', () => {
    expect(drawn(followed(Uint8Array.of(0xff, 0xfe, 0xc0, 0xaf)))).toEqual([['<FF><FE><C0><AF>']])
    expect(drawn(followed('\ufffd'))).toEqual([['\ufffd']])
  })

  test('letters of every script are shown', () => {
    const text = 'Grüße, Привет, שלום, مرحبا, 你好, नमस्ते, 😀'
    expect(drawn(followed(text))).toEqual([[text]])
  })

  test('nothing that is drawn is a control, a format or an empty character', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        expect(whole(followed(all))).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u)
      }),
    )
  })
})

describe('lines', () => {
  test('end after a newline and show its mark', () => {
    expect(drawn(followed('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toEqual([
      ['GET / HTTP/1.1CRLF', 'Host: xCRLF', 'CRLF'],
    ])
  })

  test('end where the columns do, and nothing is lost', () => {
    const text = 'x'.repeat(50)
    expect(drawn(followed(text), 20)).toEqual([['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(10)]])
  })

  test('that exactly fill the columns have their end with them', () => {
    expect(drawn(followed(`${'x'.repeat(20)}\r\ny`), 20)).toEqual([[`${'x'.repeat(20)}CRLF`, 'y']])
  })

  test('a tab reaches to the next tab stop', () => {
    expect(drawn(followed('a\tb\t\tc'))).toEqual([['a→      b→      →       c']])
  })

  test('are never wider than the columns', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 16, max: 60 }), (all, columns) => {
        for (const line of drawn(followed(all), columns).flat()) {
          const end = line.replace(/(CR)?(LF)?$/, '')
          const width = [...end].reduce((sum, character) => sum + columnsOf(character.codePointAt(0) ?? 0), 0)
          expect(width).toBeLessThanOrEqual(columns)
        }
      }),
    )
  })

  test('a megabyte without a newline has as many as it takes', () => {
    const held = followed()
    const sender = new Sender()
    held.apply(sender.frame(...Array.from({ length: 16 }, () => sender.chunk('in', 'y'.repeat(65_536)))))
    expect(layoutOf(held, { columns: 64 }).rows).toBe(16 * 1024)
  })
})

test('marks are of ASCII only, whatever the code point', () => {
  for (let code = 0; code < 0x3000; code++) expect(markOf(code) ?? '').toMatch(/^[ -~]*$/)
})
