import { obey } from './command-process.ts'
import { type Arrival, arrive } from './load/arrive.ts'
import { echoRate } from './load/echo-rate.ts'
import { arrivals, change, closeHeld, hold, type HeldArrival } from './load/held.ts'
import { throughput } from './load/throughput.ts'

// The load generator's process: one command at a time, and its result.

export interface Commands {
  /** Connects, writes 16 bytes, reads the echo, closes: so many times, with `inFlight` open at once. Connections a second. */
  echoRate(of: { port: number; count: number; inFlight: number; perSecond?: number }): Promise<number>
  /** Echo of 64 KiB writes over some connections. Bytes a second. */
  throughput(of: { port: number; connections: number; ms: number }): Promise<number>
  /** Connects so many and keeps them open, the accepts seen to. */
  hold(of: { port: number; count: number }): Promise<null>
  /** Writes to those by turns, and in one of `churn` (10) turns opens or closes one. Changes made a second, as measured. */
  change(of: { port: number; perSecond: number; ms: number; churn?: number }): Promise<number>
  /** Those that the last `change` has opened. */
  arrivals(of: Record<string, never>): Promise<HeldArrival[]>
  closeHeld(of: Record<string, never>): Promise<null>
  /** Connects at an even pace; those stay open. */
  arrive(of: { port: number; perSecond: number; count: number }): Promise<Arrival[]>
}

const commands: Commands = { echoRate, throughput, hold, change, arrivals, closeHeld, arrive }

if (process.send !== undefined) obey(commands)
