import { beforeEach, expect, test } from 'vitest'
import type { Draft } from '../../../web/act/draft.ts'
import { CONTENT_MAX, HISTORY_MAX, NAME_MAX, PRESETS_MAX, SendStore } from '../../../web/act/send-store.ts'

const draft = (content: string): Draft => ({ kind: 'text', content, lineEnd: 'lf' })

let kept: Map<string, string>
let store: SendStore

/** The store as a reloaded page finds it. */
function open(): SendStore {
  return new SendStore(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }))
}

beforeEach(() => {
  kept = new Map()
  store = open()
})

test('what was sent is remembered newest first, each once, and outlives the page', () => {
  for (const content of ['a', 'b', 'a']) store.remember(draft(content))
  expect(open().history).toEqual([draft('a'), draft('b')])
})

test('the history has a bound, and the oldest go first', () => {
  for (let i = 0; i <= HISTORY_MAX; i++) store.remember(draft(String(i)))
  expect(store.history).toHaveLength(HISTORY_MAX)
  expect(store.history.at(-1)).toEqual(draft('1'))
})

test('a preset is saved, replaced by its name, renamed in its place, and removed', () => {
  store.save('one', draft('1'))
  store.save('two', draft('2'))
  store.save('one', draft('1b'))
  expect(store.presets).toEqual([
    { name: 'one', draft: draft('1b') },
    { name: 'two', draft: draft('2') },
  ])
  store.save('uno', draft('1c'), 'one')
  expect(open().presets.map(({ name }) => name)).toEqual(['uno', 'two'])
  store.save('two', draft('2b'), 'uno')
  expect(store.presets).toEqual([{ name: 'two', draft: draft('2b') }])
  store.remove('two')
  expect(store.presets).toEqual([])
})

test('refuses presets over the limit, without a name, or too long', () => {
  for (let i = 0; i < PRESETS_MAX; i++) expect(store.save(`p${i}`, draft('x'))).toBeNull()
  expect(store.save('one more', draft('x'))).toBe('full')
  expect(store.save('p0', draft('y'))).toBeNull()
  expect(store.presets).toHaveLength(PRESETS_MAX)
  expect(store.save('  ', draft('x'))).toBe('no-name')
  expect(store.save('p1', draft('x'.repeat(CONTENT_MAX + 1)))).toBe('too-long')
  store.save('n'.repeat(NAME_MAX + 9), draft('x'), 'p2')
  expect(store.presets[2]?.name).toHaveLength(NAME_MAX)
})

test('what is too long to keep is not remembered', () => {
  store.remember(draft('x'.repeat(CONTENT_MAX + 1)))
  expect(store.history).toEqual([])
})

test.each([
  'no JSON',
  'null',
  '[]',
  '{"history":7,"presets":{}}',
  '{"history":[1,null,{"kind":"html"}],"presets":[{"name":""}]}',
])('nothing is taken from a store with %s in it', (text) => {
  kept.set('oneport.sends', text)
  expect([store.history, store.presets]).toEqual([[], []])
  store.remember(draft('a'))
  expect(store.history).toEqual([draft('a')])
})

test('where the browser keeps nothing, this page does', () => {
  const refuses = () => {
    throw new Error('SecurityError')
  }
  const own = new SendStore(refuses)
  own.remember(draft('a'))
  own.save('one', draft('1'))
  expect([own.history.length, own.presets.length]).toEqual([1, 1])
})
