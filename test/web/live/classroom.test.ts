import { flushSync } from 'svelte'
import { expect, test } from 'vitest'
import type { ClassState } from '../../../shared/class.ts'
import { Classroom } from '../../../web/live/classroom.svelte.ts'
import type { LinkReader } from '../../../web/live/server-link.svelte.ts'

const state: ClassState = {
  ...{ id: 'one', openedAt: 0, pace: null, question: null },
  students: [
    { id: 1, name: 'Ada', connections: [3, 4] },
    { id: 260, name: 'Bob', connections: [] },
  ],
}

/** A page's class, and how its link tells of it. */
function page() {
  let reader: LinkReader = {}
  const classroom = new Classroom({ subscribe: (one: LinkReader) => void (reader = one) })
  return {
    classroom,
    greet: () => reader.hello?.({} as never),
    whole: () => reader.snapshot?.({ last: true } as never),
    tell: (of: ClassState | null, student: number | null) => {
      reader.class?.({ type: 'class', class: of, student })
      flushSync()
    },
  }
}

test('connections and addresses have the names of their students, until names are hidden', () => {
  const { classroom, tell } = page()
  tell(state, null)
  expect([3, 4, 5].map((id) => classroom.nameOf(id))).toEqual(['Ada', 'Ada', null])
  expect(['127.2.0.1', '127.2.1.4', '127.0.0.1'].map((ip) => classroom.nameAt(ip))).toEqual(['Ada', 'Bob', null])
  classroom.namesHidden = true
  expect([classroom.nameOf(3), classroom.nameAt('127.2.0.1')]).toEqual([null, null])
})

test('the pace holds students, and nobody else', () => {
  const { classroom, tell } = page()
  tell({ ...state, pace: 2 }, 1)
  expect([1, 2, 3].map((step) => classroom.holds(step))).toEqual([false, false, true])
  tell({ ...state, pace: null }, 1)
  expect(classroom.holds(3)).toBe(false)
  tell({ ...state, pace: 2 }, null)
  expect(classroom.holds(3)).toBe(false)
})

test('a student who is removed is told apart from the end of the class, and can join again', () => {
  const { classroom, tell } = page()
  tell(state, 1)
  tell(state, null)
  expect([classroom.removed, classroom.ended]).toEqual([true, false])
  tell(state, 1)
  expect(classroom.removed).toBe(false)
  tell(null, null)
  expect([classroom.removed, classroom.ended]).toEqual([false, true])
})

test('after a reconnect, a class of which the server says nothing is over', () => {
  const { classroom, greet, whole, tell } = page()
  tell(state, null)
  greet()
  tell(state, null)
  whole()
  expect(classroom.state).toBe(state)
  greet()
  whole()
  expect([classroom.state, classroom.ended]).toEqual([null, true])
})
