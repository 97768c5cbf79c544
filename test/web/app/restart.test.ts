import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Restart } from '../../../web/app/restart.svelte.ts'
import { ExperimentRun } from '../../../web/experiments/experiment-run.svelte.ts'
import { EXPERIMENTS } from '../../../web/experiments/experiments.ts'
import { ListState } from '../../../web/list/list.svelte.ts'
import { Picks } from '../../../web/list/picks.svelte.ts'
import type { Api } from '../../../web/live/api.ts'
import type { LinkReader } from '../../../web/live/server-link.svelte.ts'
import { ShownRows } from '../../../web/live/shown-rows.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'
import { Selection } from '../../../web/nav/selection.svelte.ts'
import { Still } from '../../../web/ui/still.svelte.ts'
import { LISTENER } from '../live/listener.ts'
import { connection, COUNTERS, NOW } from '../live/rows.ts'

let table: Table
let shownRows: ShownRows
let list: ListState
let picks: Picks
let selection: Selection
let bar: AddressBar
let restart: Restart
let run: ExperimentRun
let readers: LinkReader[]
let written: string[]
const closeClient = vi.fn()
const searchText = vi.fn(() => Promise.resolve({ ok: true as const, body: [1] }))

beforeEach(() => {
  vi.useFakeTimers()
  closeClient.mockReset().mockResolvedValue({ ok: true, body: {} })
  ;[readers, written] = [[], []]
  table = new Table()
  shownRows = new ShownRows({ table, clock: () => NOW, now: () => NOW })
  list = new ListState({
    shownRows,
    clock: () => NOW,
    onChange: () => {},
    searchText,
    still: new Still(() => false),
  })
  table.observe(list)
  picks = new Picks(table, list)
  const write = (_data: unknown, _title: string, url?: string | URL | null) => void written.push(String(url))
  bar = new AddressBar({
    location: { href: 'http://localhost:3000/' },
    history: { pushState: write, replaceState: write },
  })
  selection = new Selection(bar)
  const openClient = () => Promise.resolve({ ok: true, body: { id: 1, connectionId: 1 } })
  run = new ExperimentRun(EXPERIMENTS[0]!, { openClient, closeClient } as unknown as Api, table)
  readers.push({ hello: ({ instance }) => table.begin(instance) }, { snapshot: (frame) => table.applySnapshot(frame) })
  const others = [shownRows, list, { forget: () => picks.clear() }, run]
  restart = new Restart({ subscribe: (reader) => readers.push(reader) }, { selection, others })
  hello('one')
  snapshot()
})

afterEach(() => vi.useRealTimers())

function hello(instance: string): void {
  const frame = { type: 'hello', instance, listener: LISTENER }
  for (const reader of readers) reader.hello?.(frame as Parameters<NonNullable<LinkReader['hello']>>[0])
}

function snapshot(): void {
  const connections = [connection(1), connection(2)]
  for (const reader of readers) {
    reader.snapshot?.({
      type: 'snapshot',
      seq: 1,
      total: 2,
      connections,
      last: true,
      counters: COUNTERS,
    })
  }
  list.flush()
}

function startAgain(): void {
  hello('two')
  snapshot()
}

test('after a restart the panel is closed, and the page says which connection it showed', () => {
  selection.show(1)
  startAgain()
  expect([restart.closedPanel, selection.side, selection.id, bar.at.connection]).toEqual([1, null, null, null])
  vi.runAllTimers()
  expect(written.at(-1)).toBe('http://localhost:3000/')
})

test('a row of the run before that is opened while the new one loads is closed too', () => {
  hello('two')
  selection.show(2)
  snapshot()
  expect([restart.closedPanel, selection.open]).toEqual([2, false])
  selection.show(1)
  expect(selection.open).toBe(true)
})

test('a link that was only lost changes nothing', () => {
  selection.show(1)
  picks.toggle(2)
  hello('one')
  snapshot()
  expect([restart.closedPanel, selection.id, bar.at.connection, picks.has(2)]).toEqual([null, 1, 1, true])
})

test('what was picked, highlighted or pointed at means nobody of the new run', () => {
  picks.pickAll()
  selection.hovered = 1
  selection.reveal(2)
  startAgain()
  expect(picks.targets()).toEqual({ ids: [] })
  expect([selection.hovered, selection.lit.size, selection.revealed]).toEqual([null, 0, null])
})

test('a picked row of the run before does not pick the new one of its number', () => {
  picks.toggle(1)
  startAgain()
  expect([picks.has(1), picks.targets()]).toEqual([false, { ids: [] }])
})

test('a paused page resumes, because its rows belong to the previous run', () => {
  shownRows.toggleFreeze()
  const before = shownRows.row(1)
  startAgain()
  expect(shownRows.frozenAt).toBeNull()
  expect(shownRows.row(1)).not.toBe(before)
})

test('what the server found for the filter is asked for again', async () => {
  list.setFilter('text:hello')
  await vi.runAllTimersAsync()
  expect(list.all().map(({ id }) => id)).toEqual([1])
  searchText.mockResolvedValueOnce({ ok: true, body: [2] })
  startAgain()
  expect(list.all()).toEqual([])
  await vi.runAllTimersAsync()
  expect(list.all().map(({ id }) => id)).toEqual([2])
})

test('an experiment closes no client of the new run', async () => {
  await run.start(1)
  expect(run.state).toBe('done')
  startAgain()
  await run.cleanUp()
  expect([run.state, run.outcomes]).toEqual(['idle', []])
  expect(closeClient).not.toHaveBeenCalled()
})
