import { expect, test } from 'vitest'
import { latinKey } from '../../../web/app/latin-key.ts'

test.each([
  ['KeyP', 'p', 'з'],
  ['KeyE', 'e', 'у'],
  ['KeyA', 'a', 'ф'],
  ['Slash', '/', '.'],
])('%s is %j under a Russian layout, too', (code, latin, typed) => {
  expect(latinKey({ key: latin, code, shiftKey: false })).toBe(latin)
  expect(latinKey({ key: typed, code, shiftKey: false })).toBe(latin)
})

test('the question mark is where the other layout has it', () => {
  expect(latinKey({ key: ',', code: 'Slash', shiftKey: true })).toBe('?')
})

test('a Latin layout of another order keeps its own letters and signs', () => {
  // Dvorak: where QWERTY has R, X and the slash.
  expect(latinKey({ key: 'p', code: 'KeyR', shiftKey: false })).toBe('p')
  expect(latinKey({ key: 'q', code: 'KeyX', shiftKey: false })).toBe('q')
  expect(latinKey({ key: 'z', code: 'Slash', shiftKey: false })).toBe('z')
  expect(latinKey({ key: '.', code: 'KeyE', shiftKey: false })).toBe('.')
})

test('keys without a letter stay', () => {
  expect(latinKey({ key: 'ArrowDown', code: 'ArrowDown', shiftKey: true })).toBe('ArrowDown')
  expect(latinKey({ key: ' ', code: 'Space', shiftKey: false })).toBe(' ')
})

test('the brackets are where they are on a Latin keyboard', () => {
  expect(latinKey({ key: 'х', code: 'BracketLeft', shiftKey: false })).toBe('[')
  expect(latinKey({ key: 'ъ', code: 'BracketRight', shiftKey: false })).toBe(']')
  expect(latinKey({ key: '[', code: 'BracketLeft', shiftKey: false })).toBe('[')
  // German: another sign, which is no shortcut.
  expect(latinKey({ key: '+', code: 'BracketRight', shiftKey: false })).toBe('+')
})
