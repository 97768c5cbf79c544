import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildHttp } from '../../server/http/server.ts'
import type { Services } from '../../server/http/services.ts'
import { CounterHistory } from '../../server/table/counter-history.ts'
import type { Hub } from '../../server/table/hub.ts'
import { KernelView } from '../../server/table/kernel-view.ts'
import type { ConnectionTable } from '../../server/table/table.ts'
import type { Listener } from '../../shared/stream.ts'

// For tests and for processes that they start, which cannot import vitest.

/** Serves the dashboard for a table that is filled directly, faster than clients could. */
export async function listenTable(table: ConnectionTable, hub: Hub): Promise<{ http: FastifyInstance; port: number }> {
  const history = new CounterHistory(table.counters)
  const listener = { counters: table.counters } as Listener
  const kernel = new KernelView(table, null)
  // Only the services that these routes use.
  const room = { session: null, state: null }
  const source = { table, hub, room, history, listener, kernel, instance: '', version: '' } as unknown as Services
  const access = { allowHosts: [], startedWith: [], token: null, readOnly: false, uiHost: '127.0.0.1', maxReaders: 64 }
  const http = await buildHttp(source, access, pino({ level: 'silent' }))
  http.addHook('onClose', async () => history.stop())
  await http.listen({ host: '127.0.0.1', port: 0 })
  const address = http.server.address()
  return { http, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
}

/** Accepts and closes `count` more connections, flushing after each hundred. */
export async function comeAndGo(table: ConnectionTable, hub: Hub, count: number): Promise<void> {
  const local = { address: '127.0.0.1', port: 8080 }
  const remote = { address: '127.0.0.1', port: 50_000 }
  for (let i = 1; i <= count; i++) {
    const id = table.counters.accepted + 1
    table.accept({ id, local, remote, pid: 1, fd: 20, openedAt: 1 })
    table.close(id, { at: 2, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
    if (i % 100 === 0 || i === count) {
      hub.flush()
      await turn()
    }
  }
}
