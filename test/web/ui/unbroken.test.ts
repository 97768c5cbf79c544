import { expect, test } from 'vitest'
import { CATALOGUES } from '../../../web/text/catalogues.ts'
import { piecesOf } from '../../../web/ui/unbroken.ts'

const termsIn = (text: string) => piecesOf(text).flatMap(({ piece, term }) => (term ? [piece] : []))

test.each([
  ['So the 4-tuples differ in 2 parts.', ['4-tuples']],
  [CATALOGUES.en.ports.settings.limitsHint, ['--max-connections', '--backlog', '-n']],
  [CATALOGUES.ru.ports.settings.limitsHint, ['--max-connections', '--backlog', '-n']],
  ['A view-only page — of 10.0.0.7, 1-2', []],
  ['', []],
])('no line breaks inside an option or a 4-tuple: %s', (text, terms) => {
  expect(termsIn(text)).toEqual(terms)
  expect(
    piecesOf(text)
      .map(({ piece }) => piece)
      .join(''),
  ).toBe(text)
})
