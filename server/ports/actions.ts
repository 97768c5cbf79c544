import type { Action, ActionKind, CloseAction } from '../../shared/action.ts'
import type { PayloadChunk, PayloadExtent } from '../../shared/payload.ts'
import type { Listener } from '../../shared/stream.ts'
import { clock } from '../clock.ts'
import { ListenerDown } from '../listener-failure.ts'
import type { BehaviorSetting } from '../../shared/script.ts'
import type { ActionRefusal } from '../../shared/vocabulary.ts'
import type { AskResult, ConnectionIds } from '../listener/asks.ts'
import type { ListenerSupervisor } from '../listener/supervisor.ts'
import type { Hub } from '../table/hub.ts'
import type { ConnectionTable } from '../table/table.ts'
import { TextSearch } from './text-search.ts'

export type { ConnectionIds } from '../listener/asks.ts'

/** The result of an action on one connection. `code` is the reason if it was refused. */
export interface ActionResult {
  id: number
  code: ActionRefusal | null
  action: Action
}

export interface PayloadPiece extends PayloadExtent {
  chunks: PayloadChunk[]
  more: boolean
}

interface Parts {
  table: ConnectionTable
  hub: Hub
  listener: Listener
  kernel: { fresh(): Promise<void> }
  ask: ListenerSupervisor['ask']
}

/**
 * Carries out users' actions on connections. The listener process acts, the kernel is sampled right after, and the
 * connection's record keeps both.
 */
export class Actions {
  readonly #parts: Parts
  readonly #textSearch: TextSearch

  constructor(parts: Parts) {
    this.#parts = parts
    this.#textSearch = new TextSearch((texts) => parts.ask({ what: 'search', texts }))
  }

  /** @throws ListenerDown or ListenerUnresponsive, like every action */
  async send(ids: ConnectionIds, data: Buffer): Promise<ActionResult[]> {
    return this.#record('send', () => this.#parts.ask({ what: 'send', ids, data: data.toString('base64') }), {
      bytes: data.length,
    })
  }

  async close(ids: ConnectionIds, how: CloseAction): Promise<ActionResult[]> {
    // After its close, a socket that was never sampled cannot be told from another one with the same 4-tuple. And where bytes
    // are not read, the client's FIN may have come unseen: only the socket's state tells.
    await this.#parts.kernel.fresh()
    if (how === 'reset') this.#parts.table.beforeReset(ids)
    return this.#record(how, () => this.#parts.ask({ what: 'close', ids, how }))
  }

  async reading(id: number, paused: boolean): Promise<ActionResult[]> {
    return this.#record(paused ? 'pause-reading' : 'resume-reading', async () => {
      const outcome = await this.#parts.ask({ what: 'reading', id, paused })
      return outcome && [outcome]
    })
  }

  /** @param setting null: the port's */
  async behavior(id: number, setting: BehaviorSetting | null): Promise<ActionResult[]> {
    return this.#record(
      'behavior',
      async () => {
        const outcome = await this.#parts.ask({ what: 'behavior', id, setting })
        return outcome && [outcome]
      },
      { behavior: setting?.behavior ?? null },
    )
  }

  /** Captured chunks after number `after`; null when nothing was captured or everything has been dropped. */
  async payload(id: number, after: number, maxBytes: number): Promise<PayloadPiece | null> {
    const { ask, listener } = this.#parts
    const { pid } = listener
    const part = await ask({ what: 'payload', id, after, maxBytes })
    // null means no process or nothing captured; the process's id tells which.
    if (part === null && (pid === null || listener.pid !== pid)) throw new ListenerDown()
    if (part === null) return null
    const chunks = part.chunks.map(([n, steady, direction, offset, data]) => {
      return { n, at: clock.corrected(steady), direction, offset, data }
    })
    return { ...part, chunks }
  }

  /**
   * The connections whose captured bytes contain each text, in either direction.
   * @throws ListenerDown or ListenerUnresponsive
   */
  search(texts: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
    return this.#textSearch.find(texts)
  }

  async #record(
    kind: ActionKind,
    ask: () => Promise<AskResult[] | null>,
    details: Partial<Pick<Action, 'bytes' | 'behavior'>> = {},
  ): Promise<ActionResult[]> {
    // Before the request: its effects may have a time of the same millisecond, but no earlier one.
    const at = clock.now()
    const results = await ask()
    if (results === null) throw new ListenerDown()
    const { table, hub, kernel } = this.#parts
    await kernel.fresh()
    const outcomes = results.map(([id, waiting, code]) => {
      const action: Action = {
        at,
        kind,
        bytes: null,
        waiting: kind === 'send' ? waiting : null,
        behavior: null,
        ...details,
        code,
        ...this.#seen(id),
      }
      table.act(id, action)
      return { id, code, action }
    })
    hub.flush()
    return outcomes
  }

  #seen(id: number): Pick<Action, 'kernel' | 'gone'> {
    const entry = this.#parts.table.get(id)
    if (entry?.forgottenAt !== undefined) return { kernel: null, gone: true }
    const facts = entry?.kernel ?? null
    if (facts === null) return { kernel: null }
    const { tcpState, recvQueue, sendQueue } = facts
    return { kernel: { tcpState, recvQueue, sendQueue } }
  }
}
