import { expect, test } from 'vitest'
import { Candidates } from '../../../server/table/candidates.ts'
import { FactsReader } from '../../../server/table/apply.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { packProgress, NO_PROGRESS } from '../../../shared/record.ts'
import { findNamespaces, inNamespace } from '../../support/namespace.ts'
import { isMissing, titleWith } from '../../tools.ts'

const LOCAL = { address: 'fe80::1%lo', port: 8080 }
const REMOTE = { address: 'fe80::2%lo', port: 50_000 }
const namespaces = findNamespaces()

test.skipIf(isMissing(namespaces))(
  titleWith('a client with a link-local address has a socket in the kernel, wherever the server is bound', namespaces),
  async () => {
    const results = await inNamespace<object[]>('link-local.ts', ['fe80::1/64', 'fe80::2/64'])
    for (const result of results) {
      expect(result).toMatchObject({
        client: { local: { address: 'fe80::2%lo' }, remote: { address: 'fe80::1%lo' }, connectionId: 1 },
        kernel: {
          agreement: { both: 1, onlyServer: 0, onlyKernel: 0, differing: 0 },
          sockets: [{ local: { address: 'fe80::1%lo' }, remote: { address: 'fe80::2%lo' }, connectionId: 1 }],
        },
        connected: { verdict: 'connected', connectionId: 1 },
        listening: { verdict: 'listening' },
      })
    }
    expect(results).toMatchObject([
      { url: 'http://localhost:PORT' },
      { url: 'http://[fe80::1%25lo]:PORT' },
      { url: 'http://[fe80::1%25lo]:PORT' },
    ])
  },
)

test('a socket of /proc, which has no zones, is matched with its connection', () => {
  const table = new ConnectionTable(10)
  const opened = [[1, 20, 0, LOCAL.address, REMOTE.address, REMOTE.port, 0]] as const
  new FactsReader(table).apply(
    {
      type: 'facts',
      opened: opened.map((fact) => [...fact]),
      progress: [[1, 0, packProgress(NO_PROGRESS)]],
      closed: [],
      refused: [],
      refusedCount: 0,
    },
    1,
    LOCAL.port,
  )
  const candidates = new Candidates()
  for (const entry of table.all()) candidates.add(entry)
  const found = (local: string, remote: string) =>
    candidates.find({ ...LOCAL, address: local }, { ...REMOTE, address: remote })?.id ?? null
  expect(found('fe80::1', 'fe80::2')).toBe(1)
  expect(found('fe80::1%lo', 'fe80::2%lo')).toBe(1)
  expect(found('fe80::1%eth0', 'fe80::2%eth0')).toBeNull()
  expect(found('fe80::1', 'fe80::3')).toBeNull()
})
