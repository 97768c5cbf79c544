import { expect, test } from 'vitest'
import { readQuestion } from '../../../web/class/question.ts'

test('a question is typed with an answer in each line, the right one after an asterisk', () => {
  expect(readQuestion(' Why? ', 'because\n\n* the 4-tuple \nno idea\n')).toEqual({
    text: 'Why?',
    options: ['because', 'the 4-tuple', 'no idea'],
    right: 1,
  })
  expect(readQuestion('Free?', 'yes\nno')).toEqual({ text: 'Free?', options: ['yes', 'no'] })
})

test.each([
  ['', 'a\nb'],
  ['Why?', ''],
  ['Why?', 'only one'],
  ['Why?', 'a\nb\nc\nd\ne\nf\ng'],
  ['Why?', 'a\n*'],
  ['x'.repeat(301), 'a\nb'],
  ['Why?', `a\n${'x'.repeat(121)}`],
])('%j with the answers %j is none', (text, lines) => {
  expect(readQuestion(text, lines)).toBeNull()
})
