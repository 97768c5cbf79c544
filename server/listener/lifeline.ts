import { type Libc, loadLibc } from '../libc.ts'

const O_CLOEXEC = 0o2000000
const O_ASYNC = 0o20000
const F_SETFL = 4
const F_SETOWN = 8
const F_SETSIG = 10
const SIGKILL = 9

/**
 * Makes the kernel kill the listener process when this process ends. A process that was stopped (SIGSTOP) cannot act, and
 * would keep the port.
 *
 * The listener process inherits the read end of a pipe, and only this process has the write end. When that closes, the kernel
 * signals the owner of the read end (fcntl(2), F_SETSIG). prctl(PR_SET_PDEATHSIG) would do the same, but it needs koffi in the
 * listener process: 8 MiB.
 */
export class Lifeline {
  /** The descriptor to be inherited. */
  readonly fd: number
  readonly #writeEnd: number
  readonly #libc: Libc

  /** @returns null without Linux or koffi, or if the system refuses; a stopped listener process then outlives this one */
  static async open(): Promise<Lifeline | null> {
    const libc = await loadLibc()
    const ends = Buffer.alloc(8)
    if (libc === null || libc.pipe2(ends, O_CLOEXEC) < 0) return null
    const lifeline = new Lifeline(libc, ends.readInt32LE(0), ends.readInt32LE(4))
    if (libc.fcntl(lifeline.fd, F_SETSIG, SIGKILL) === 0 && libc.fcntl(lifeline.fd, F_SETFL, O_ASYNC) === 0)
      return lifeline
    lifeline.close()
    return null
  }

  private constructor(libc: Libc, fd: number, writeEnd: number) {
    this.#libc = libc
    this.fd = fd
    this.#writeEnd = writeEnd
  }

  /** @param pid the process that has inherited the descriptor */
  hold(pid: number): void {
    this.#libc.fcntl(this.fd, F_SETOWN, pid)
  }

  /** Ends the process that is held. */
  close(): void {
    this.#libc.close(this.#writeEnd)
    this.#libc.close(this.fd)
  }
}
