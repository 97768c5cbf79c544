import type { Worker } from 'node:worker_threads'

/**
 * Asks a thread to finish its call, close its socket, and end. `terminate()` would leave the socket open, and inside a call of
 * koffi it can abort the whole process (koffi issue 190). Resolves when the thread has ended.
 */
export async function endThread(worker: Worker, message: string): Promise<void> {
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage(message)
  await ended
}
