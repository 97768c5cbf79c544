import type { Socket } from 'node:net'
import { startReading, stopReading } from './handle.ts'

/** Two reasons not to read a socket, neither of which may end the other. Made with the first of them. */
export class Reading {
  readonly #socket: Socket
  /** Somebody has stopped it: what comes stays in the kernel, and the windows fill. */
  #paused = false
  /** The behavior waits until its answers have left. */
  #waitsForRoom = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get paused(): boolean {
    return this.#paused
  }

  pause(): void {
    this.#paused = true
    stopReading(this.#socket)
  }

  resume(): void {
    this.#paused = false
    startReading(this.#socket)
    if (!this.#waitsForRoom) this.#socket.resume()
  }

  waitForRoom(): void {
    this.#waitsForRoom = true
    this.#socket.pause()
  }

  roomAgain(): void {
    this.#waitsForRoom = false
    if (!this.#paused) this.#socket.resume()
  }
}
