import type { App } from '../../server/app.ts'
import type { ServerFrame } from '../../shared/stream.ts'
import type { Row } from '../../web/live/row.ts'
import { Table } from '../../web/live/table.ts'
import { type Feed, openFeed } from './feed.ts'

/** The page's own table of a server, without the connections from before. */
export class PageTable {
  readonly table = new Table()
  /** The highest id so far. */
  newest = 0
  readonly #feed: Feed

  constructor(feed: Feed) {
    this.#feed = feed
    // Before the feed's own listener, which settles the waiters.
    feed.socket.prependListener('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame
      if (frame.type !== 'changes') return
      this.table.applyChanges(frame)
      for (const change of frame.changes) {
        if (change.kind === 'accept') this.newest = Math.max(this.newest, change.connection.id)
      }
    })
  }

  static async open(app: App): Promise<PageTable> {
    return new PageTable(await openFeed(app.uiPort))
  }

  /** The newest row that satisfies the condition, once there is one. */
  async row(what: string, holds: (row: Row) => boolean): Promise<Row> {
    let found: Row | undefined
    await this.until(`a row ${what}`, () => (found = [...this.table.rows()].findLast(holds)))
    if (found === undefined) throw new Error(`no row ${what}`)
    return found
  }

  until(what: string, holds: () => unknown): Promise<void> {
    return this.#feed.until(what, holds)
  }
}
