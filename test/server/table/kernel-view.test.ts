import { beforeEach, expect, test } from 'vitest'
import { FactsReader } from '../../../server/table/apply.ts'
import { KernelView } from '../../../server/table/kernel-view.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { KernelModel, PORT } from '../../support/kernel-model.ts'

let model: KernelModel
let table: ConnectionTable
let view: KernelView

/** Connections 1 and 2, which the server has closed: both are in TIME_WAIT, and a sample has found them. */
beforeEach(() => {
  model = new KernelModel()
  table = new ConnectionTable(10)
  view = new KernelView(table, null)
  for (const port of [1, 2]) {
    model.connect(port)
    model.accept(port)
  }
  sample()
  for (const port of [1, 2]) model.closeFirst(port)
  model.noticeCloses()
  sample()
})

/** The listener process reports, and the kernel is sampled. @returns the time of the sample */
function sample(): number {
  new FactsReader(table).apply(model.facts(), 4242, PORT)
  model.now++
  view.sampled(model.look(0, null))
  return model.now
}

function record(id: number) {
  const entry = table.get(id)
  return { state: entry?.kernel?.tcpState ?? null, forgottenAt: entry?.forgottenAt }
}

test('a sample that no longer finds a socket tells when the kernel has removed it', () => {
  expect([record(1), record(2)]).toEqual(Array(2).fill({ state: 'TIME_WAIT' }))
  model.sockets.delete(1)
  const at = sample()
  expect(record(1)).toEqual({ state: null, forgottenAt: at })
  expect(record(2)).toEqual({ state: 'TIME_WAIT' })
})

test('a sample that fails tells nothing about the sockets, and takes nothing back', () => {
  model.sockets.delete(1)
  const at = sample()
  view.failed('refused')
  expect(record(2)).toEqual({ state: null })
  expect(record(1)).toEqual({ state: null, forgottenAt: at })
})
