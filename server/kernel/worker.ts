import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Endpoint } from '../../shared/endpoint.ts'
import { clock, type ClockOrigin } from '../clock.ts'
import { loadLibc } from '../libc.ts'
import { ProcSampler } from './proc-net.ts'
import type { Holder } from './holder-search.ts'
import { commandLine, socketHolders } from './socket-holder.ts'
import { NO_SOURCE, type Sample } from './sample.ts'
import { Sampler } from './sampler.ts'

// The sampler's thread. A dump of 19,000 sockets takes tens of milliseconds, which would block the control process.

export interface SamplerOptions {
  /** Where the port's socket listens. */
  local: Endpoint
  /** The accept queue's limit, for a source that does not report it. */
  backlog: number
}

export type SamplerData = SamplerOptions & { origin: ClockOrigin }

/** `take-all`: with the clients' own sockets, which else may be left out of a sample. */
export type ToSampler = 'take' | 'take-all' | 'end' | { holdersOf: number[] }

export type FromSampler =
  | { type: 'sample'; sample: Sample }
  | { type: 'failed'; reason: string }
  | { type: 'holders'; holders: Map<number, Holder> }

const { local, backlog, origin } = workerData as SamplerData
clock.origin = origin
const sampler = await openSampler()

parentPort?.on('message', (message: ToSampler) => {
  if (message === 'end') end()
  else if (message === 'take' || message === 'take-all') answer(message === 'take-all')
  else findHolders(message.holdersOf)
})
answer(true)

function end(): void {
  if (sampler instanceof Sampler) sampler.close()
  parentPort?.close()
}

/** Here, because it can take tens of milliseconds. */
function findHolders(inodes: number[]): void {
  const holders = new Map<number, Holder>()
  for (const [inode, pid] of socketHolders(new Set(inodes))) {
    try {
      holders.set(inode, { pid, command: basename(commandLine(pid)[0] ?? '') })
    } catch {
      // The process has just ended.
    }
  }
  tell({ type: 'holders', holders })
}

function answer(all: boolean): void {
  try {
    const sample = sampler.take(all)
    const { changed, ends } = sample
    const transferred = ends === null ? [] : [ends.changed.buffer, ends.handshakeOnly.buffer]
    tell({ type: 'sample', sample }, [changed.buffer, ...transferred])
  } catch (error) {
    tell({ type: 'failed', reason: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  const known = sampler instanceof ProcSampler && error instanceof Error && 'path' in error
  return known ? NO_SOURCE : error instanceof Error ? error.message : String(error)
}

function tell(message: FromSampler, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}

/** sock_diag, or /proc where the system refuses sock_diag. */
async function openSampler(): Promise<Sampler | ProcSampler> {
  try {
    const libc = await loadLibc()
    if (libc !== null) {
      const sampler = new Sampler(libc, local)
      sampler.check()
      return sampler
    }
  } catch {
    // Refused, as in some sandboxes.
  }
  return new ProcSampler(local, backlog)
}
