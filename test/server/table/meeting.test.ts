import { expect, test } from 'vitest'
import { Meeting } from '../../../server/table/meeting.ts'

const any = (): boolean => true

test('the oldest that fits is taken, and only once', () => {
  const meeting = new Meeting<string>(10)
  for (const [since, value] of ['a', 'b', 'c'].entries()) meeting.add(1, value, since)
  expect(meeting.take(2, any)).toBeNull()
  expect(meeting.take(1, (value) => value !== 'a')).toBe('b')
  expect([meeting.take(1, any), meeting.take(1, any), meeting.take(1, any)]).toEqual(['a', 'c', null])
})

test('what began to wait before a time is given up', () => {
  const meeting = new Meeting<string>(10)
  for (const [since, value] of ['a', 'b', 'c'].entries()) meeting.add(1, value, since)
  meeting.expire(1)
  expect([meeting.take(1, any), meeting.take(1, any), meeting.take(1, any)]).toEqual(['b', 'c', null])
})

test('beyond the limit only the oldest are given up', () => {
  const meeting = new Meeting<number>(10)
  for (let since = 0; since <= 10; since++) meeting.add(since, since, since)
  const left = Array.from({ length: 11 }, (_, number) => meeting.take(number, any)).filter((value) => value !== null)
  expect(left).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
})
