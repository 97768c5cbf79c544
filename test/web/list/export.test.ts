import { expect, test } from 'vitest'
import { exportConnections, exportName } from '../../../web/list/export.ts'
import { closed, connection, facts, NOW, row } from '../live/rows.ts'
import { Row } from '../../../web/live/row.ts'

const evil = row(1, {
  protocol: { name: 'TLS', serverName: '=cmd|"/C calc"!A1' },
  kernel: facts({ recvQueue: 7, timer: { name: 'persist', endsAt: NOW + 500, unanswered: 1 } }),
  finSentAt: NOW + 9,
  problem: { code: 'unread', severity: 'warning', since: NOW + 8, evidence: { recvQueue: 7 } },
})
const over = new Row(closed(2, NOW + 5, { how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null }))

async function cells(): Promise<Record<string, string>[]> {
  const text = await (await exportConnections([evil, over], 'csv')).text()
  // Without quoted fields, which csv.test.ts covers.
  const [head, ...lines] = text.trimEnd().split('\r\n')
  const names = head?.split(',') ?? []
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))
}

test('CSV has the record and what the kernel says, under the names of the API', async () => {
  const [first, second] = await cells()
  expect(first).toMatchObject({
    id: '1',
    state: 'open',
    remoteAddress: '192.168.0.101',
    remotePort: '50001',
    serverName: `"'=cmd|""/C calc""!A1"`,
    openedAt: new Date(NOW + 1).toISOString(),
    finSentAt: new Date(NOW + 9).toISOString(),
    problem: 'unread',
    problemSince: new Date(NOW + 8).toISOString(),
    kernelTcpState: 'ESTABLISHED',
    kernelRecvQueue: '7',
    kernelTimer: 'persist',
    closedAt: '',
  })
  expect(second).toMatchObject({ closedHow: 'reset', closeCode: 'ECONNRESET', kernelTcpState: '', fd: '' })
})

test('JSON has the records as the API gives them, and nothing of what only the page knows', async () => {
  const blob = await exportConnections([evil, over], 'json')
  expect(JSON.parse(await blob.text())).toEqual([
    connection(1, { protocol: evil.protocol, kernel: evil.kernel, finSentAt: NOW + 9, problem: evil.problem }),
    closed(2, NOW + 5, { how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null }),
  ])
})

test('an export of more rows than a slice has each of them once, and one of none is whole too', async () => {
  const many = Array.from({ length: 1_203 }, (_, index) => row(index + 1))
  const parsed = JSON.parse(await (await exportConnections(many, 'json')).text()) as { id: number }[]
  expect(parsed.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
  expect((await (await exportConnections(many, 'csv')).text()).split('\r\n')).toHaveLength(1_205)
  expect(JSON.parse(await (await exportConnections([], 'json')).text())).toEqual([])
})

test('the file is named after the port and the date', () => {
  expect(exportName(8080, new Date(2026, 10, 3, 4, 5, 6), 'csv')).toBe('oneport-8080-20261103-040506.csv')
})
