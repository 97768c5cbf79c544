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
    this.#read()
  }

  waitForRoom(): void {
    this.#waitsForRoom = true
    // `pause()` alone would read another 64 KiB into the stream's buffer, from each of thousands of clients.
    stopReading(this.#socket)
  }

  roomAgain(): void {
    if (!this.#waitsForRoom) return
    this.#waitsForRoom = false
    this.#read()
  }

  #read(): void {
    if (this.#paused || this.#waitsForRoom) return
    startReading(this.#socket)
    this.#socket.resume()
  }
}
