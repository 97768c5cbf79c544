import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

/** A program with its input and output, like in a terminal. Killed after the test. */
export class Terminal {
  readonly exited: Promise<unknown>
  output = ''
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #over = false
  #heard: () => void = () => {}

  constructor(program: string, ...args: string[]) {
    // A separate process group, so that the program's children can be killed with it.
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

  /** Sends SIGKILL to the program and its children. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  }

  /** Resolves with the match once the output contains it. Rejects if the program ends before. */
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

/** Runs telnet in script(1), whose pseudo-terminal makes telnet's escape character work. */
export function telnet(host: string, port: number): Terminal {
  return new Terminal('script', '-qec', `telnet ${host} ${port}`, '/dev/null')
}
