import { parentPort, workerData } from 'node:worker_threads'
import { loadLibc } from '../libc.ts'
import { DestroySocket, type Finals } from './destroy-socket.ts'
import { FINAL_SIZE } from './final.ts'

// The thread that hears of every close. It does nothing else, because the kernel drops what is not taken in time.

export type FromCloses = ({ type: 'finals' } & Finals) | { type: 'failed'; reason: string }

/** Milliseconds between two looks, and between those of a flood. The kernel's buffer may hold only some hundreds of messages. */
const LOOK_MS = 20
const SOON_MS = 2
/** Closes in one look that make a flood. */
const MANY = 20

const { port } = workerData as { port: number }
const socket = await open()
let timer: NodeJS.Timeout | undefined
if (socket !== null) look(socket)

parentPort?.on('message', () => {
  clearTimeout(timer)
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
    const soon = finals.missed || finals.packed.length >= MANY * FINAL_SIZE
    if (finals.packed.length > 0 || finals.missed) tell({ type: 'finals', ...finals }, [finals.packed.buffer])
    timer = setTimeout(() => look(socket), soon ? SOON_MS : LOOK_MS)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}

function tell(message: FromCloses, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
