import { beforeEach, expect, test } from 'vitest'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'
import { Selection } from '../../../web/nav/selection.svelte.ts'

let entries: string[]
let bar: AddressBar

beforeEach(() => {
  entries = ['http://localhost:3000/']
  const location = {
    get href() {
      return entries.at(-1) ?? ''
    },
  }
  const pushState = (_data: unknown, _title: string, url?: string | URL | null) => void entries.push(String(url))
  bar = new AddressBar({ location, history: { pushState, replaceState: () => {} } })
})

test('an opened connection is where the cursor is, and Back closes it', () => {
  const selection = new Selection(bar)
  selection.show(7, 'bytes')
  expect([selection.id, selection.open, selection.tab]).toEqual([7, true, 'bytes'])
  entries.pop()
  bar.follow()
  expect([selection.id, selection.open]).toEqual([7, false])
})

test('the cursor alone opens nothing; an open panel follows it without a step in the history', () => {
  const selection = new Selection(bar)
  selection.moveTo(3)
  expect([selection.side, entries.length]).toEqual([null, 1])
  selection.show(3)
  selection.moveTo(4)
  expect([bar.at.connection, entries.length]).toEqual([4, 2])
})

test('the tabs of a panel go round', () => {
  const selection = new Selection(bar)
  selection.show(1, 'facts')
  selection.turn(-1)
  expect(selection.tab).toBe('bytes')
  selection.turn(1)
  expect(selection.tab).toBe('facts')
})

test('a connection opened from the lesson covers it: closing it, and Back, return to the lesson', () => {
  const selection = new Selection(bar)
  selection.showSide('lesson')
  selection.show(2)
  expect([selection.side, selection.inLesson]).toEqual(['connection', true])
  selection.close()
  expect(selection.side).toBe('lesson')
  selection.show(2)
  entries.pop()
  bar.follow()
  expect([selection.side, selection.inLesson]).toEqual(['lesson', true])
  selection.close()
  expect([selection.side, selection.inLesson]).toEqual([null, false])
})

test('the lesson has the picture beside it, and leaving it restores the view before, even from what covers it', () => {
  bar.adjust({ view: 'events' })
  const selection = new Selection(bar)
  selection.showSide('lesson')
  expect([bar.at.view, entries.at(-1)]).toEqual(['picture', 'http://localhost:3000/#lesson'])
  bar.go({ view: 'connections' })
  selection.show(2)
  selection.close()
  expect([selection.side, bar.at.view]).toEqual(['lesson', 'connections'])
  selection.showSide('lookup')
  selection.leaveLesson()
  expect([selection.side, selection.inLesson, bar.at.view]).toEqual([null, false, 'events'])
})

test('a page that opened in the lesson leaves it for the connections; its summary does not leave it', () => {
  entries = ['http://localhost:3000/#lesson']
  bar.follow()
  const selection = new Selection(bar)
  selection.showSide('summary')
  expect(entries.at(-1)).toBe('http://localhost:3000/#summary')
  selection.showSide('lesson')
  expect(bar.at.view).toBe('picture')
  selection.close()
  expect([bar.at.side, bar.at.view]).toEqual([null, 'connections'])
})
