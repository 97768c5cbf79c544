import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'

const FONT = new URL(
  '../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  import.meta.url,
)
const TYPING_MS = 28

/** A page with simulated terminals, one below the other, in which real programs run. */
export class Terminals {
  readonly page: Page
  readonly #programs: ChildProcess[] = []

  private constructor(page: Page) {
    this.page = page
  }

  static async open(page: Page, terminals: number): Promise<Terminals> {
    await page.setContent(html(terminals))
    await page.evaluate('document.fonts.ready.then(() => {})')
    return new Terminals(page)
  }

  /** Types the command, runs it, and shows what it prints. */
  async run(terminal: number, command: string): Promise<void> {
    await this.#type(terminal, command)
    await this.#show(terminal, '\n')
    const [program = '', ...args] = command.split(' ')
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#programs[terminal] = child
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => void this.#show(terminal, text))
  }

  /** Types a line into the running program. The page echoes the line as a terminal would. */
  async enter(terminal: number, line: string): Promise<void> {
    await this.#type(terminal, line)
    await this.#show(terminal, '\n')
    this.#programs[terminal]?.stdin?.write(`${line}\n`)
  }

  /** Resolves when the terminal's content ends with this text. */
  async shows(terminal: number, text: string): Promise<void> {
    await this.page.waitForFunction(
      `document.querySelectorAll('pre span')[${terminal}].textContent.endsWith(${JSON.stringify(text)})`,
    )
  }

  end(): void {
    for (const program of this.#programs) program.kill()
  }

  async #type(terminal: number, text: string): Promise<void> {
    for (const letter of text) {
      await this.#show(terminal, letter)
      await sleep(TYPING_MS)
    }
  }

  async #show(terminal: number, text: string): Promise<void> {
    await this.page.evaluate(`document.querySelectorAll('pre span')[${terminal}].append(${JSON.stringify(text)})`)
  }
}

function html(terminals: number): string {
  const font = readFileSync(FONT).toString('base64')
  const terminal = '<pre><b>$</b> <span></span><i></i></pre>'
  return `<!doctype html><style>
    @font-face { font-family: Mono; src: url(data:font/woff2;base64,${font}); font-weight: 100 800 }
    body { margin: 0; display: flex; flex-direction: column; gap: 2px; height: 100vh; background: #45403c; font: 14px/1.5 Mono }
    pre { flex: 1; margin: 0; padding: 10px 14px; background: #191715; color: #e9e4df; font: inherit; white-space: pre-wrap }
    b { color: #f0894d }
    i { display: inline-block; width: 8px; height: 16px; background: #e9e4df; vertical-align: -3px }
  </style>${terminal.repeat(terminals)}`
}
