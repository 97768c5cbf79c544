import { Api } from './api.ts'
import { Repaint } from './repaint.ts'
import { ServerFacts } from './server-facts.svelte.ts'
import { ServerLink } from './server-link.svelte.ts'
import { ShownRows } from './shown-rows.svelte.ts'
import { Table } from './table.ts'

/** Everything that the page knows from the server, joined: feed -> table -> facts. The link is started by whoever shows the page. */
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
  return { link, table, server, shownRows, repaint, api: new Api(token) }
}
