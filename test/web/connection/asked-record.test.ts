import { expect, test } from 'vitest'
import type { ConnectionWithInode } from '../../../shared/connection.ts'
import { AskedRecord } from '../../../web/connection/asked-record.svelte.ts'
import type { Answer } from '../../../web/live/api.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, connection, COUNTERS, NOW } from '../live/rows.ts'

/** A page with connection 9 of 9 closed ones, that opens the panel of another one. */
class Page {
  readonly table = new Table(1)
  answer: Answer<ConnectionWithInode> = { ok: false, code: 'CONNECTION_NOT_FOUND', message: 'none' }
  /** Called while the server answers. */
  meanwhile: (() => void) | null = null
  asked = 0
  repaints = 0

  constructor() {
    this.snapshot()
  }

  snapshot(): void {
    const counters = { ...COUNTERS, closed: 9 }
    this.table.begin('one')
    this.table.applySnapshot({
      type: 'snapshot',
      seq: 1,
      total: 1,
      connections: [closed(9, NOW + 9)],
      counters,
      last: true,
    })
  }

  open(id: number): AskedRecord {
    const api = {
      connection: async () => {
        this.asked++
        this.meanwhile?.()
        this.meanwhile = null
        return this.answer
      },
    }
    return new AskedRecord({ id, api, table: this.table, onRow: () => this.repaints++ })
  }
}

const inode = { descriptorInode: null }

test('the panel gets the record of a closed connection from the server, even if the table is full', async () => {
  const page = new Page()
  page.answer = { ok: true, body: { ...closed(3, NOW + 3), ...inode } }
  const asked = page.open(3)
  await Promise.all([asked.ask(), asked.ask()])
  expect(asked.row).toMatchObject({ id: 3, state: 'closed' })
  expect(asked.row).not.toHaveProperty('descriptorInode')
  expect([...page.table.closed.keys()]).toEqual([9])
  expect([page.asked, page.repaints]).toEqual([1, 1])
})

test('an answer that a snapshot overtook is asked for again', async () => {
  const page = new Page()
  page.answer = { ok: true, body: { ...closed(3, NOW + 3), ...inode } }
  page.meanwhile = () => page.snapshot()
  const asked = page.open(3)
  await asked.ask()
  expect(page.asked).toBe(2)
  expect(asked.row?.id).toBe(3)
})

test('of a live connection no row is made: a frame brings it', async () => {
  const page = new Page()
  page.answer = { ok: true, body: { ...connection(10), ...inode } }
  const asked = page.open(10)
  await asked.ask()
  expect([asked.row, asked.unknown, asked.failure]).toEqual([null, false, null])
})

test('only the server can say that it does not know a connection; a failure can be tried again', async () => {
  const page = new Page()
  const unknown = page.open(99)
  await unknown.ask()
  expect([unknown.unknown, unknown.failure]).toEqual([true, null])
  await unknown.ask()
  expect(page.asked).toBe(1)

  page.answer = { ok: false, code: 'X', message: 'no way there' }
  const failed = page.open(3)
  await failed.ask()
  expect([failed.unknown, failed.failure]).toEqual([false, 'no way there'])
  page.answer = { ok: true, body: { ...closed(3, NOW + 3), ...inode } }
  await failed.ask()
  expect([failed.row?.id, failed.failure]).toEqual([3, null])
})
