import type { Socket } from 'node:net'

/** The handlers of a socket's events. */
interface SocketListener {
  onData(chunk: Buffer): void
  onDrain(): void
  onEnd(): void
  onFinish(): void
  onError(code: string): void
  onTimeout(): void
  onClose(): void
}

type Tracked = Socket & { [CONNECTION]: SocketListener }

const CONNECTION = Symbol('connection')

/** Forwards the socket's events to its connection. @param idleTimeoutMs milliseconds; 0 means no timeout */
export function listenTo(socket: Socket, connection: SocketListener, idleTimeoutMs: number): void {
  const tracked = socket as Tracked
  tracked[CONNECTION] = connection
  tracked.on('data', socketOnData)
  tracked.on('drain', socketOnDrain)
  tracked.on('end', socketOnEnd)
  tracked.on('error', socketOnError)
  tracked.on('close', socketOnClose)
  if (idleTimeoutMs > 0) tracked.setTimeout(idleTimeoutMs, socketOnTimeout)
}

/** Added on demand: few connections half-close. */
export function listenToFinish(socket: Socket): void {
  socket.once('finish', socketOnFinish)
}

// Named functions shared by all sockets: one closure per event and socket is expensive under a flood.

function socketOnData(this: Tracked, chunk: Buffer): void {
  this[CONNECTION].onData(chunk)
}

function socketOnDrain(this: Tracked): void {
  this[CONNECTION].onDrain()
}

function socketOnEnd(this: Tracked): void {
  this[CONNECTION].onEnd()
}

function socketOnFinish(this: Socket): void {
  const tracked = this as Tracked
  tracked[CONNECTION].onFinish()
}

function socketOnError(this: Tracked, error: NodeJS.ErrnoException): void {
  this[CONNECTION].onError(error.code ?? 'UNKNOWN')
}

function socketOnTimeout(this: Tracked): void {
  this[CONNECTION].onTimeout()
}

function socketOnClose(this: Tracked): void {
  this[CONNECTION].onClose()
}
