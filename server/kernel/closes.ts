import { Worker } from 'node:worker_threads'
import { CLOSES_ENTRY } from '../paths.ts'
import type { FromCloses } from './closes-worker.ts'
import { endThread } from './end-thread.ts'
import { FINAL_SIZE, type Final, finalOf } from './final.ts'

export interface ClosesEvents {
  heard(finals: Final[]): void
  /** Closes were missed: the kernel reported them faster than they were taken. */
  missed(): void
  /** No closes will be heard of. */
  failed(reason: string): void
}

/** Hears from the kernel of every close on a port. */
export class Closes {
  #worker: Worker | null

  constructor(port: number, events: ClosesEvents) {
    const worker = new Worker(CLOSES_ENTRY, {
      workerData: { port },
      // A thread would inherit the process's flags, and some are not allowed for threads.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    })
    this.#worker = worker
    worker.on('message', (message: FromCloses) => {
      if (message.type === 'failed') events.failed(message.reason)
      // `node --watch` sends messages of its own.
      else if (message.type === 'finals') {
        const packed = Buffer.from(message.packed.buffer)
        const finals: Final[] = []
        for (let at = 0; at < packed.length; at += FINAL_SIZE) finals.push(finalOf(packed, at))
        if (message.missed) events.missed()
        events.heard(finals)
      }
    })
    worker.on('error', (error) => {
      this.#worker = null
      events.failed(error.message)
    })
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    if (worker !== null) await endThread(worker, 'end')
  }
}
