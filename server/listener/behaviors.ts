import type { Behavior } from '../../shared/stream.ts'

/** What a behavior can do with its connection. */
interface ServedConnection {
  readonly socket: { readonly writable: boolean }
  /** False when the behavior should wait for `drained`. */
  write(chunk: Buffer): boolean
  /** Bytes that the kernel has not accepted yet. */
  readonly waiting: number
  waitForRoom(): void
  roomAgain(): void
  answerFin(): void
}

/** A server's behavior on its connections. Every hook runs in the listener process's hot path. */
export interface Behaves {
  opened(connection: ServedConnection): void
  data(connection: ServedConnection, chunk: Buffer): void
  /** The send queue has room again. */
  drained(connection: ServedConnection): void
  /** The client has sent FIN. */
  ended(connection: ServedConnection): void
}

function nothing(): void {}

function answerFin(connection: ServedConnection): void {
  connection.answerFin()
}

/** RFC 862. If a client does not read its echo, the server stops reading from it, so nothing piles up. */
const echo: Behaves = {
  opened: nothing,
  data(connection, chunk) {
    // If the kernel has taken the whole chunk, nothing waits, however long it was.
    if (!connection.write(chunk) && connection.waiting > 0) connection.waitForRoom()
  },
  drained(connection) {
    connection.roomAgain()
  },
  ended: answerFin,
}

/** RFC 863. */
const discard: Behaves = { opened: nothing, data: nothing, drained: nothing, ended: answerFin }

/** RFC 864: lines of 72 characters, each starting one character later, until the client leaves. */
const chargen: Behaves = {
  opened: generate,
  data: nothing,
  drained: generate,
  ended: answerFin,
}

const PATTERN = chargenPattern()

function generate(connection: ServedConnection): void {
  const { socket } = connection
  if (!socket.writable) return
  // One write per event-loop iteration, so that a fast reader cannot starve other connections.
  if (connection.write(PATTERN)) setImmediate(generate, connection)
}

function chargenPattern(): Buffer {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')
  const lines = Array.from({ length: 95 }, (_, i) => (printable + printable).slice(i, i + 72) + '\r\n')
  return Buffer.from(lines.join(''), 'latin1')
}

/** Never answers and never closes: after the client's FIN the socket stays in CLOSE_WAIT. */
const silent: Behaves = { opened: nothing, data: nothing, drained: nothing, ended: nothing }

export const BEHAVIORS: Record<Behavior, Behaves> = { echo, discard, chargen, silent }
