import { describe, expect, test } from 'vitest'
import type { Connection } from '../../shared/connection.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import { findNamespaces, inNamespace } from '../support/namespace.ts'
import { isMissing, titleWith } from '../tools.ts'

interface Result {
  clients: { connectionId: number }[]
  again: { code: string; statusCode: number }
  kernel: KernelState & { sockets: UnmatchedSocket[] }
  connections: { items: Connection[] }
}

const namespaces = findNamespaces()

describe.skipIf(isMissing(namespaces))(titleWith('the textbook case on 192.168.0.1', namespaces), () => {
  test('192.168.0.100:50000, 192.168.0.101:50001 and the same port 50000 of both are three sockets on one port', async () => {
    const addresses = ['192.168.0.1/24', '192.168.0.100/24', '192.168.0.101/24']
    const { clients, again, kernel, connections } = await inNamespace<Result>('textbook.ts', addresses)

    expect(clients.map(({ connectionId }) => connectionId)).toEqual([1, 2, 3])
    const tuples = connections.items.map(({ local, remote }) => `${formatEndpoint(remote)} ${formatEndpoint(local)}`)
    expect(tuples).toEqual([
      '192.168.0.100:50000 192.168.0.1:8080',
      '192.168.0.101:50001 192.168.0.1:8080',
      '192.168.0.101:50000 192.168.0.1:8080',
    ])
    expect(kernel.agreement).toMatchObject({ both: 3, onlyServer: 0, onlyKernel: 0 })
    expect(new Set(kernel.sockets.map(({ inode }) => inode)).size).toBe(3)
    expect(kernel.listeners).toMatchObject([{ local: { address: '192.168.0.1', port: 8080 }, tcpState: 'LISTEN' }])
    // The kernel refuses a second socket with the same 4-tuple.
    expect(again).toMatchObject({ statusCode: 409, code: 'EADDRNOTAVAIL' })
  })
})
