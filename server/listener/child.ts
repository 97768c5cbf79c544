import { type ChildProcess, spawn } from 'node:child_process'
import { LISTENER_ENTRY } from '../paths.ts'
import type { ToListener } from './messages.ts'

// The listener process as a child of the control process.

/**
 * V8's default lets the young generation grow to 16 MiB in a flood of connections, and keeps it. It lets the old generation grow
 * to four times its live size, although captured bytes are replaced all the time.
 */
export const SMALL_HEAP = ['--max-semi-space-size=2', '--heap-growing-percent=50']
/** glibc's default is 8 arenas for each core, and each keeps what was freed in it (mallopt(3)). */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' }

/** The child's number of the first inherited descriptor: its index in `stdio`. */
export const FIRST_INHERITED = 4

/**
 * Starts a listener process, which waits for its `start` message.
 * @param inherited descriptors that it gets, from FIRST_INHERITED on
 * @throws if no process can be started
 */
export function spawnListener(inherited: readonly number[]): ChildProcess {
  // No output is inherited: for the child libuv makes inherited descriptors blocking, and so ours, which are the same files.
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc', ...inherited] as const
  const env = { ...FEW_ARENAS, ...process.env }
  return spawn(process.execPath, [...SMALL_HEAP, LISTENER_ENTRY], { stdio: [...stdio], env })
}

/** Waits for the exit and for the last message. `events.once` would reject on `error`. */
export function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let how: string | null = null
    child.once('exit', (code, signal) => {
      how = signal ?? `exit code ${code}`
      if (!child.connected) resolve(how)
    })
    child.once('disconnect', () => {
      if (how !== null) resolve(how)
    })
  })
}

/** Sends a message. @param read called when the message has been written to the channel, or cannot be sent */
export function tell(child: ChildProcess, message: ToListener, read = (): void => {}): void {
  if (child.connected) child.send(message, read)
  else read()
}
