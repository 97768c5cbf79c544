import type { Language } from '../../shared/language.ts'
import type { BehaviorSetting } from '../../shared/script.ts'
import type { KernelState, Listener, UnmatchedSocket } from '../../shared/stream.ts'
import type { ClassRoom } from '../class/class-room.ts'
import type { Actions } from '../ports/actions.ts'
import type { ListenTrials } from '../ports/listen-trials.ts'
import type { Clients } from '../clients/clients.ts'
import type { Crowd } from '../clients/crowd.ts'
import type { CounterHistory } from '../table/counter-history.ts'
import type { Entry } from '../table/entry.ts'
import type { Hub } from '../table/hub.ts'
import type { ConnectionTable } from '../table/table.ts'

/** Everything that the dashboard's server uses; app.ts builds it. */
export interface Services {
  table: ConnectionTable
  hub: Hub
  history: CounterHistory
  listener: Listener
  kernel: KernelTable
  /** Captured bytes dropped because of the total limit. */
  capture: { readonly dropped: number }
  /** Lines of the log that could not be written. */
  lost: { readonly lines: number }
  clients: Clients
  crowd: Crowd
  room: ClassRoom
  listenTrials: ListenTrials
  actions: Actions
  /** The inode of the socket behind a process's descriptor, read from /proc. */
  descriptorInode(pid: number, fd: number): number | null
  /** Stops and resumes accept(); null if the listening descriptor cannot be kept without accepting. */
  accepting: Accepting | null
  /** Sets the language of the greeting for new connections. */
  setGreeting(language: Language): Promise<void>
  /** Sets the behavior of the port: for new connections, and for those without one of their own. */
  setBehavior(setting: BehaviorSetting): Promise<void>
  /** UUID of this run of the server. */
  instance: string
  version: string
}

interface Accepting {
  /** @param leaseMs null: until somebody resumes */
  pause(leaseMs: number | null): Promise<void>
  resume(): Promise<void>
}

export interface KernelTable {
  readonly state: KernelState
  /** Every socket in the last sample. */
  readonly sockets: UnmatchedSocket[]
  /** Takes a sample. Resolves when the table is at least as new as the call, or when the kernel cannot be sampled. */
  fresh(): Promise<void>
  /** Samples soon, and again: something has just been done to the port. */
  soon(): void
  /** Looks once for the program that holds the client's own socket, and puts it into the record. */
  findOtherOwner(entry: Entry): Promise<void>
}
