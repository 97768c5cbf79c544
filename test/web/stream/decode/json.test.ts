import { expect, test } from 'vitest'
import { labels } from './decoded.ts'

test('an object has its keys, an array its length', () => {
  expect(labels(['{"op":"ping","id":1}\n[1,2,3]\r\n{}\n'])).toEqual(['0 JSON {op, id}', '21 JSON [3]', '30 JSON {}'])
})

test('many or long keys are cut, and nothing in them is unseen', () => {
  const keys = Object.fromEntries(['a\u202e', 'b'.repeat(30), 'c', 'd', 'e'].map((key) => [key, 1]))
  expect(labels([`${JSON.stringify(keys)}\n`])).toEqual([`0 JSON {a<202E>, ${'b'.repeat(20)}…, c, d, …}`])
})

test('an object is found when its line is whole, in how many chunks ever', () => {
  expect(labels(['{"a"', ':1}'])).toEqual([])
  expect(labels(['{"a"', ':1}', '\n'])).toEqual(['0 JSON {a}'])
})

test.each(['{op}\n', '[1,2\n', 'true\n', '"text"\n', '{}}\n', `{"a":"${'x'.repeat(17_000)}"}\n`])(
  '%.20j is none, and the next line is found',
  (text) => expect(labels([`${text}{"b":1}\n`])).toEqual([`${text.length} JSON {b}`]),
)

test('keys in other scripts are shown', () => {
  expect(labels(['{"имя":1}\n'])).toEqual(['0 JSON {имя}'])
})
