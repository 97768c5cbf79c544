import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

/** A program as a person runs it in a terminal: what is typed, what it printed. It ends with the test. */
export class Terminal {
  readonly exited: Promise<unknown>
  output = ''
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #over = false
  #heard: () => void = () => {}

  constructor(program: string, ...args: string[]) {
    // A process group of its own, so that what the program has started ends with it.
    this.#child = spawn(program, args, { stdio: 'pipe', detached: true })
    this.#child.stdin.on('error', () => {})
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += String(chunk)
        this.#heard()
      })
    }
    this.exited = once(this.#child, 'close')
    void this.exited.then(() => {
      this.#over = true
      this.#heard()
    })
    onTestFinished(() => this.kill())
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Ctrl-D: no more input. */
  endInput(): void {
    this.#child.stdin.end()
  }

  /** SIGKILL, also to what it has started. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  }

  /** Resolves with the match once the program has printed it; rejects if it ends without. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output)
      if (match !== null) return match
      if (this.#over) throw new Error(`ended without printing ${String(pattern)}: ${this.output}`)
      await new Promise<void>((resolve) => (this.#heard = resolve))
    }
  }
}

export function netcat(...args: (string | number)[]): Terminal {
  return new Terminal('nc', ...args.map(String))
}

/** With a terminal of its own, so that telnet's escape character works. script(1) */
export function telnet(host: string, port: number): Terminal {
  return new Terminal('script', '-qec', `telnet ${host} ${port}`, '/dev/null')
}
