import { parentPort, workerData } from 'node:worker_threads'
import { loadLibc } from '../libc.ts'
import { DestroySocket, type Finals } from './destroy-socket.ts'

// The thread that hears of every close. It does nothing else, because the kernel drops what is not taken in time.

export type FromCloses = ({ type: 'finals' } & Finals) | { type: 'failed'; reason: string }

/** Milliseconds between two looks. The kernel's buffer holds some hundreds of messages. */
const LOOK_MS = 20

const { port } = workerData as { port: number }
const socket = await open()
const timer = socket && setInterval(() => look(socket), LOOK_MS)

parentPort?.on('message', () => {
  if (timer !== null) clearInterval(timer)
  socket?.close()
  parentPort?.close()
})

async function open(): Promise<DestroySocket | null> {
  try {
    const libc = await loadLibc()
    if (libc !== null) return new DestroySocket(libc, port)
    fail('it needs Linux and koffi')
  } catch (error) {
    fail(error)
  }
  return null
}

function look(socket: DestroySocket): void {
  try {
    const finals = socket.take()
    if (finals.packed.length > 0 || finals.missed) tell({ type: 'finals', ...finals }, [finals.packed.buffer])
  } catch (error) {
    if (timer !== null) clearInterval(timer)
    fail(error)
  }
}

function fail(error: unknown): void {
  tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}

function tell(message: FromCloses, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
