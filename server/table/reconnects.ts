import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { PortProblem } from '../../shared/schema/problem.ts'
import type { Entry } from './entry.ts'

/** A connection shorter than this one is short, in milliseconds. */
const SHORT_MS = 2_000
/** The longest pause between two connections of a run. */
const PAUSE_MS = 10_000
/**
 * This many failed connections in a row start the problem, and this many other connections in a row end it. With a smaller number
 * for the end, a client with mixed results would start and end the problem every second.
 */
const ENOUGH = 10
/** Addresses remembered; the one that has been quiet longest is dropped first. */
const ADDRESSES_MAX = 1_000

interface Run {
  connections: number
  since: number
  closedAt: number
  longestMs: number
  /** How many of them ended with an RST of each side, without the newest one. */
  clientResets: number
  serverResets: number
  /** Its account may still become more exact: the kernel speaks after the listener process. */
  newest: Entry
  /** Other connections since the last failed one. */
  others: number
}

/**
 * Finds a client that connects again and again: short connections of one address, one after the other, none of which was an
 * orderly exchange. Connections at the same time are load, and bytes in both directions before the client's FIN are success.
 */
export class Reconnects {
  readonly #runs = new Map<string, Run>()

  closed(entry: Entry): void {
    const { remote, openedAt, close, progress } = entry
    if (close === null || isUnknownEndpoint(remote)) return
    const { address } = remote
    const run = this.#runs.get(address)
    const ms = close.at - openedAt
    const orderly = close.by === 'peer' && close.how === 'fin' && progress.bytesIn > 0 && progress.bytesOut > 0
    const failed = ms < SHORT_MS && !orderly
    const current = run !== undefined && openedAt - run.closedAt <= PAUSE_MS ? run : undefined
    if (current !== undefined && failed && openedAt >= current.closedAt) {
      Object.assign(current, resetsOf(current))
      current.newest = entry
      current.connections++
      current.closedAt = close.at
      current.longestMs = Math.max(current.longestMs, ms)
      current.others = 0
      return
    }
    if (current !== undefined && current.connections >= ENOUGH && ++current.others < ENOUGH) return
    this.#runs.delete(address)
    if (!failed) return
    const oldest = this.#runs.size < ADDRESSES_MAX ? undefined : this.#runs.keys().next().value
    if (oldest !== undefined) this.#runs.delete(oldest)
    const times = { since: openedAt, closedAt: close.at, longestMs: ms }
    this.#runs.set(address, { connections: 1, ...times, clientResets: 0, serverResets: 0, newest: entry, others: 0 })
  }

  /**
   * The address whose run is the longest of those that continue.
   * @param now Unix milliseconds
   * @param floods whether an address floods the port. That is the same cause and says more, so its run ends.
   */
  worst(now: number, floods: (address: string) => boolean): PortProblem | null {
    let worst: PortProblem | null = null
    for (const [address, run] of this.#runs) {
      const { connections, since, closedAt, longestMs } = run
      if (floods(address)) {
        this.#runs.delete(address)
        continue
      }
      if (connections < Math.max(ENOUGH, 1 + (worst?.evidence.connections ?? 0)) || now - closedAt > PAUSE_MS) continue
      worst = { code: 'reconnecting', since, evidence: { address, connections, longestMs, ...resetsOf(run) } }
    }
    return worst
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    for (const run of this.#runs.values()) {
      run.since += ms
      run.closedAt += ms
    }
  }
}

/** How many connections of the run have ended with an RST of each side, including the newest one. */
function resetsOf({ clientResets, serverResets, newest: { close } }: Run): Pick<Run, 'clientResets' | 'serverResets'> {
  const by = close?.reset
  return { clientResets: clientResets + Number(by === 'peer'), serverResets: serverResets + Number(by === 'server') }
}
