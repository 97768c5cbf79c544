import type { Socket } from 'node:net'
import type { ConnectedSocket } from './connected-socket.ts'

type Tracked = Socket & { [CONNECTION]: ConnectedSocket }

const CONNECTION = Symbol('connection')

/** Forwards the socket's events to its connection. */
export function listenTo(socket: Socket, connection: ConnectedSocket): void {
  const tracked = socket as Tracked
  tracked[CONNECTION] = connection
  tracked.on('data', socketOnData)
  tracked.on('drain', socketOnDrain)
  tracked.on('end', socketOnEnd)
  tracked.on('error', socketOnError)
  tracked.on('close', socketOnClose)
  if (connection.context.idleTimeoutMs > 0) tracked.setTimeout(connection.context.idleTimeoutMs, socketOnTimeout)
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
