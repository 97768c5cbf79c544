import { expect, test } from 'vitest'
import type { Close } from '../../../shared/connection.ts'
import { ConnectionTable } from '../../../server/table/table.ts'

test('counts the closes with RST as the kernel accounts for them, also those of forgotten connections', () => {
  const table = new ConnectionTable(0)
  const end = { address: '192.168.0.1', port: 8080 }
  const close = (reset: Close['reset']): Close => ({
    at: 2,
    by: 'peer',
    how: 'fin',
    reset,
    code: null,
    evidence: null,
  })
  const entries = [1, 2, 3].map((id) => {
    table.accept({ id, local: end, remote: { ...end, port: id }, pid: 1, fd: id, openedAt: 1 })
    return table.get(id)
  })
  table.close(1, close('peer'))
  table.close(2, close(null))
  table.close(3, close('server'))
  expect(table.counters.resets).toBe(2)
  table.trim(0)
  const [first, second, third] = entries
  if (!first || !second || !third) throw new Error('they were accepted')
  table.testify(first, close(null))
  table.testify(second, close('peer'))
  table.testify(third, close('peer'))
  expect(table.counters.resets).toBe(2)
  table.testify(third, close(null))
  expect(table.counters.resets).toBe(1)
})
