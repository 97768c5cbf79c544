import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'

const FRAME_MS = 100

interface Frame {
  image: Buffer
  /** Milliseconds since the start of the film. */
  at: number
}

/** Records two pages side by side in real time. */
export class Film {
  readonly #left: Page
  readonly #right: Page
  readonly #frames: [left: Frame, right: Frame][] = []
  #running = true
  readonly #taken: Promise<void>

  constructor(left: Page, right: Page) {
    this.#left = left
    this.#right = right
    this.#taken = this.#take()
  }

  async #take(): Promise<void> {
    const started = performance.now()
    while (this.#running) {
      const at = performance.now() - started
      const [left, right] = await Promise.all([this.#left.screenshot(), this.#right.screenshot()])
      this.#frames.push([
        { image: left, at },
        { image: right, at },
      ])
      await sleep(Math.max(0, FRAME_MS - (performance.now() - started - at)))
    }
  }

  async end(): Promise<void> {
    this.#running = false
    await this.#taken
  }

  /**
   * Writes the film as an endless GIF.
   * @param holdMs how long the last frame is shown
   */
  save(file: string, holdMs: number): void {
    const folder = mkdtempSync(join(tmpdir(), 'oneport-film-'))
    try {
      const inputs = [0, 1].flatMap((part) => ['-f', 'concat', '-safe', '0', '-i', this.#list(folder, part, holdMs)])
      // Rectangular diffs without dithering keep flat colours flat and the file small.
      const filter =
        `[0][1]hstack,fps=${1000 / FRAME_MS},split[a][b];` +
        '[a]palettegen=stats_mode=full[colours];[b][colours]paletteuse=dither=none:diff_mode=rectangle'
      run('ffmpeg', ['-y', '-v', 'error', ...inputs, '-filter_complex', filter, '-loop', '0', file])
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  /** ffmpeg's list of frames and durations for one of the two pages. */
  #list(folder: string, part: number, holdMs: number): string {
    const lines = ['ffconcat version 1.0']
    let name = ''
    this.#frames.forEach((frame, i) => {
      const { image, at } = frame[part] ?? frame[0]
      name = `${part}-${i}.png`
      writeFileSync(join(folder, name), image)
      const until = this.#frames[i + 1]?.[0].at ?? at + holdMs
      lines.push(`file ${name}`, `duration ${((until - at) / 1000).toFixed(3)}`)
    })
    // ffmpeg ignores the duration of the last file.
    lines.push(`file ${name}`)
    const list = join(folder, `${part}.txt`)
    writeFileSync(list, lines.join('\n'))
    return list
  }
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error(`${program} is needed here (Debian: apt-get install ${program})`)
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
}
