import type { Behavior } from '../../shared/stream.ts'

/** What a behavior can do with its connection. */
export interface ServedConnection {
  readonly socket: { readonly writable: boolean }
  /** False when the behavior should wait for `drained`. */
  write(chunk: Buffer): boolean
  /** Bytes wait, and `drained` will follow. */
  readonly full: boolean
  /** Runs `step` in the next turn of the event loop, unless another behavior serves the connection by then. */
  later(step: (connection: ServedConnection) => void): void
  waitForRoom(): void
  roomAgain(): void
  answerFin(): void
}

/** A server's behavior on its connections. Every hook runs in the listener process's hot path. */
export interface Behaves {
  readonly name: Behavior
  /** The connection is new, or another behavior has served it so far. */
  opened(connection: ServedConnection): void
  data(connection: ServedConnection, chunk: Buffer): void
  /** The send queue has room again. */
  drained(connection: ServedConnection): void
  /** The client has sent FIN; possibly while another behavior served it. */
  ended(connection: ServedConnection): void
}

function nothing(): void {}

function answerFin(connection: ServedConnection): void {
  connection.answerFin()
}

function waitIfFull(connection: ServedConnection): void {
  if (connection.full) connection.waitForRoom()
}

/** RFC 862. If a client does not read its echo, the server stops reading from it, so nothing piles up. */
const echo: Behaves = {
  name: 'echo',
  opened: waitIfFull,
  data(connection, chunk) {
    connection.write(chunk)
    waitIfFull(connection)
  },
  drained(connection) {
    connection.roomAgain()
  },
  ended: answerFin,
}

/** RFC 863. */
const discard: Behaves = { name: 'discard', opened: nothing, data: nothing, drained: nothing, ended: answerFin }

/** RFC 864: lines of 72 characters, each starting one character later, until the client leaves. */
const chargen: Behaves = {
  name: 'chargen',
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
  if (connection.write(PATTERN)) connection.later(generate)
}

function chargenPattern(): Buffer {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')
  const lines = Array.from({ length: 95 }, (_, i) => (printable + printable).slice(i, i + 72) + '\r\n')
  return Buffer.from(lines.join(''), 'latin1')
}

/** Never answers and never closes: after the client's FIN the socket stays in CLOSE_WAIT. */
const silent: Behaves = { name: 'silent', opened: nothing, data: nothing, drained: nothing, ended: nothing }

/** Those that need no rules. */
export const BEHAVIORS: Record<Exclude<Behavior, 'scripted'>, Behaves> = { echo, discard, chargen, silent }
