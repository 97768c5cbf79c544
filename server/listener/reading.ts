import type { Socket } from 'node:net'
import { startReading, stopReading } from './handle.ts'

/** Two independent reasons to stop reading a socket. Created with the first one. */
export class Reading {
  readonly #socket: Socket
  /** A user stopped it: incoming bytes stay in the kernel, and the windows fill. */
  #paused = false
  /** The behavior waits until its answers have been sent. */
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
