import { expect, test } from 'vitest'
import { besideAfter } from '../../../web/app/picture-beside.svelte.ts'

const ROOM = [1000, 760] as const

test('the picture is above a list of one to eight live connections', () => {
  expect([0, 1, 8, 9].map((live) => besideAfter(true, live, ...ROOM))).toEqual([false, true, true, false])
})

test('connections that come and go at the limit do not make it come and go', () => {
  let shown = true
  const seen = [8, 9, 8, 7, 8, 6, 7, 8].map((live) => (shown = besideAfter(shown, live, ...ROOM)))
  expect(seen).toEqual([true, false, false, false, false, true, true, true])
})

test('where there is little room, the list stands alone', () => {
  expect(besideAfter(true, 3, 390, 760)).toBe(false)
  expect(besideAfter(true, 3, 1000, 500)).toBe(false)
})
