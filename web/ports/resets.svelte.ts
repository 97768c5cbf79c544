import { untrack } from 'svelte'
import type { Connection } from '../../shared/connection.ts'
import { closedKeptText } from '../live/closed-kept.ts'
import { getServer } from '../live/server-facts.svelte.ts'
import { getShownRows } from '../live/shown-rows.svelte.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** How many connections have closed with RST, as the filter `reset:any` finds them. */
export function countResets(connections: Iterable<Pick<Connection, 'close'>>): number {
  let count = 0
  for (const { close } of connections) if (close !== null && close.reset !== null) count++
  return count
}

/** The resets among the connections that the page has. To be made by a component. */
export class Resets {
  count = $state(0)
  readonly #server = getServer()
  readonly #shownRows = getShownRows()
  readonly #kept = $derived(closedKeptText(this.#shownRows.frozenCounts ?? this.#server, this.#server))

  constructor() {
    // Once a second: at each change, counting would cost too much.
    $effect(() => {
      void [this.#server.now, this.#shownRows.frozenAt]
      this.count = untrack(() => countResets(this.#shownRows.rows()))
    })
  }

  /** The number. If the page lacks some closed connections, more of them may have been reset. */
  get text(): string {
    const formatted = formatCount(this.count)
    return this.#kept === null ? formatted : messages.ports.resets.atLeast(formatted)
  }

  get hint(): string {
    const { hint } = messages.ports.resets
    return this.#kept === null ? hint : `${hint} ${this.#kept}`
  }
}
