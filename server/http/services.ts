import type { Language } from '../../shared/language.ts'
import type { KernelState, Listener, UnmatchedSocket } from '../../shared/stream.ts'
import type { Actions } from '../ports/actions.ts'
import type { Clients } from '../clients/clients.ts'
import type { CounterHistory } from '../table/counter-history.ts'
import type { Hub } from '../table/hub.ts'
import type { ConnectionTable } from '../table/table.ts'

/** All that is served; app.ts puts it together. */
export interface Services {
  table: ConnectionTable
  hub: Hub
  history: CounterHistory
  listener: Listener
  kernel: KernelTable
  /** Captured bytes that have been dropped for the total limit. */
  capture: { readonly dropped: number }
  clients: Clients
  actions: Actions
  /** The inode of the socket behind a process's descriptor, as /proc has it. */
  descriptorInode(pid: number, fd: number): number | null
  /** Stops and restarts accept(); null where the listening descriptor cannot be kept without accepting. */
  setAccepting: ((on: boolean) => Promise<void>) | null
  /** Greets newcomers in this language. */
  setGreeting(language: Language): Promise<void>
  /** A UUID of this run of the server. */
  instance: string
  version: string
}

export interface KernelTable {
  readonly state: KernelState
  /** The whole table as of the last look. */
  readonly sockets: UnmatchedSocket[]
  /** Looks now; resolves when the table is as new as the call, or the kernel cannot be asked. */
  fresh(): Promise<void>
}
