import { expect, test } from 'vitest'
import { headingOf } from '../../../web/picture/paint-labels.ts'

const WORDS = ['4 connected sockets, one for each connection', '4 connected sockets', '4 sockets']
const ATTENTION = ['3 need attention', '3']
const widthOf = (text: string) => text.length * 7

test.for([
  [480, WORDS[0], ATTENTION[0]],
  [300, WORDS[1], ATTENTION[0]],
  // Beside the open panel.
  [230, WORDS[2], ATTENTION[0]],
  [175, WORDS[1], ATTENTION[1]],
  [110, WORDS[2], ATTENTION[1]],
  [20, WORDS[2], ATTENTION[1]],
] as const)('a heading without room is said in fewer words, not cut: %i px', ([room, words, attention]) => {
  expect(headingOf(WORDS, ATTENTION, room, widthOf)).toEqual([words, attention])
})

test('with nothing that needs attention, the words have all the room', () => {
  expect(headingOf(WORDS, [], widthOf(WORDS[0] ?? ''), widthOf)).toEqual([WORDS[0], null])
  expect(headingOf(WORDS, [], 140, widthOf)).toEqual([WORDS[1], null])
})
