import { keepHold } from './accept-hold.ts'
import { Api } from './api.ts'
import { Repaint } from './repaint.ts'
import { ServerFacts } from './server-facts.svelte.ts'
import { ServerLink } from './server-link.svelte.ts'
import { ShownRows } from './shown-rows.svelte.ts'
import { Table } from './table.ts'

/**
 * Builds and connects everything that the page knows about the server: link, table, facts and rows. The caller starts
 * the link.
 */
export function openServer(token: string | null) {
  const repaint = new Repaint()
  const link = new ServerLink(token, repaint)
  const table = new Table()
  link.subscribe({
    hello: ({ instance }) => table.begin(instance),
    snapshot: (frame) => table.applySnapshot(frame),
    changes: (frame) => table.applyChanges(frame, link.clock.now()),
  })
  const server = new ServerFacts(link, table, repaint)
  const shownRows = new ShownRows({ table, clock: () => link.clock.now(), now: () => server.now })
  repaint.on(() => shownRows.flush())
  const api = new Api(token)
  keepHold(link, api)
  return { link, table, server, shownRows, repaint, api }
}
