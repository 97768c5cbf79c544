import { fstatSync, readSync, writeSync } from 'node:fs'
import { type Libc, loadLibc } from '../libc.ts'

// Ids are never used twice, although a listener process may die before it has reported its last ones. So it notes in memory
// that both processes share which ids it may have used.

/** A note costs a system call, so it is made for several ids at a time. The next process skips those that were not used. */
const STEP = 20
const NOTE_SIZE = 8

/** The ids of one listener process. */
export class Ids {
  #next: number
  #noted: number
  readonly #fd: number | null
  readonly #note = Buffer.alloc(NOTE_SIZE)

  /** @param fd of the note; null: without one */
  constructor(first: number, fd: number | null) {
    this.#next = this.#noted = first
    this.#fd = fd
  }

  take(): number {
    const id = this.#next++
    if (this.#fd !== null && id === this.#noted) {
      this.#noted += STEP
      this.#note.writeDoubleLE(this.#noted)
      writeSync(this.#fd, this.#note, 0, NOTE_SIZE, 0)
    }
    return id
  }
}

/** The note of the listener processes, which this process reads after one has died. */
export class IdNote {
  /** The descriptor to be inherited. */
  readonly fd: number
  readonly #libc: Libc

  /** @returns null without Linux or koffi, or if the system refuses */
  static async create(): Promise<IdNote | null> {
    const libc = await loadLibc()
    const fd = libc?.memfd_create('oneport-ids', MFD_CLOEXEC) ?? -1
    return libc === null || fd < 0 ? null : new IdNote(libc, fd)
  }

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc
    this.fd = fd
  }

  /** The first id that no process has used; null: none has been used. */
  get free(): number | null {
    if (fstatSync(this.fd).size === 0) return null
    const note = Buffer.alloc(NOTE_SIZE)
    readSync(this.fd, note, 0, NOTE_SIZE, 0)
    return note.readDoubleLE()
  }

  close(): void {
    this.#libc.close(this.fd)
  }
}

const MFD_CLOEXEC = 1
