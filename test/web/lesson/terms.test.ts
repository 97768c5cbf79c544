import { expect, test } from 'vitest'
import { piecesOf } from '../../../web/lesson/terms.ts'
import { CATALOGUES } from '../../../web/text/catalogues.ts'

const marked = (text: string) => piecesOf(text).flatMap(({ text, term }) => (term === null ? [] : [[text, term]]))

test('a term is marked where it comes first, in whatever form, and the text stays the same', () => {
  const text = 'FIN, then a FIN: two descriptors, one inode. FINAL and pinode are other words. The accept queue.'
  expect(marked(text)).toEqual([
    ['FIN', 'fin'],
    ['descriptors', 'descriptor'],
    ['inode', 'inode'],
    ['accept queue', 'accept-queue'],
  ])
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text)
  expect(marked('Ядро хранит четвёрку. В очереди accept рукопожатий нет, RST.')).toEqual([
    ['четвёрку', 'tuple'],
    ['очереди accept', 'accept-queue'],
    ['рукопожатий', 'handshake'],
    ['RST', 'rst'],
  ])
  expect(piecesOf('')).toEqual([])
})

test('every term is explained somewhere in the lesson, in both languages', () => {
  for (const { lesson } of Object.values(CATALOGUES)) {
    const { intro, steps, terms } = lesson
    const texts = [intro.aSocket, ...Object.values(steps).flatMap(({ text, means }) => [text('8080'), means])]
    const found = new Set(texts.flatMap((text) => marked(text).map(([, term]) => term)))
    expect([...found].toSorted()).toEqual(Object.keys(terms).toSorted())
  }
})
