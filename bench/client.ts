import { obey } from './command-process.ts'
import { type Arrival, arrive } from './load/arrive.ts'
import { echoRate } from './load/echo-rate.ts'
import { arrivals, change, closeHeld, hold, type HeldArrival } from './load/held.ts'
import { type Endings, endings } from './load/endings.ts'
import { throughput } from './load/throughput.ts'

// The load generator's process. It runs one command at a time and returns its result.

export interface Commands {
  /**
   * Runs `count` connections: connect, write 16 bytes, read the echo, close. At most `inFlight` at once.
   * @returns connections per second
   */
  echoRate(of: { port: number; count: number; inFlight: number; perSecond?: number }): Promise<number>
  /** The same, but with different endings. @returns how many connections have ended in each way */
  endings(of: { port: number; count: number; inFlight: number }): Promise<Endings>
  /** Sends writes of 64 KiB over several connections and reads the echo. @returns bytes per second */
  throughput(of: { port: number; connections: number; ms: number }): Promise<number>
  /** Opens `count` connections and keeps them open. Resolves when the server has accepted them all. */
  hold(of: { port: number; count: number }): Promise<null>
  /**
   * Writes to the held connections in turn. One in `churn` (10) changes is an accept or a close instead.
   * @returns changes per second
   */
  change(of: { port: number; perSecond: number; ms: number; churn?: number }): Promise<number>
  /** The connections that the last `change` has opened. */
  arrivals(of: Record<string, never>): Promise<HeldArrival[]>
  closeHeld(of: Record<string, never>): Promise<null>
  /** Opens connections at an even pace, and closes them at the end. */
  arrive(of: { port: number; perSecond: number; count: number }): Promise<Arrival[]>
}

const commands: Commands = { echoRate, endings, throughput, hold, change, arrivals, closeHeld, arrive }

if (process.send !== undefined) obey(commands)
