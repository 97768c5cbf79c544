import type { AddressBar } from '../nav/address-bar.svelte.ts'

/** The part of `document` that projector mode uses. Tests pass their own. */
export interface Screen {
  readonly fullscreenElement: unknown
  readonly documentElement: { requestFullscreen?: () => Promise<void> }
  exitFullscreen: () => Promise<void>
}

/** Projector mode. It also works without full screen, if the browser lacks or refuses it. */
export class Projection {
  readonly #bar: AddressBar
  readonly #screen: Screen
  /** Ends when full screen has ended. A request before that would be lost. */
  #leaving: Promise<void> | null = null
  /** The end of full screen that we asked for is still to be announced. */
  #expected = false

  constructor(bar: AddressBar, screen: Screen) {
    this.#bar = bar
    this.#screen = screen
  }

  async turn(on: boolean): Promise<void> {
    this.#bar.adjust({ projector: on })
    if (!on) return this.#leave()
    // Without a pause, because browsers allow full screen only right after a key or a click.
    if (this.#leaving !== null) await this.#leaving
    // Somebody may have left again in the meantime.
    if (this.#bar.at.projector) await this.#screen.documentElement.requestFullscreen?.().catch(() => {})
  }

  /** Call it when full screen has begun or ended. In full screen, Esc ends only that; this leaves projector mode with it. */
  changed(): void {
    const ended = this.#screen.fullscreenElement === null
    const expected = this.#expected
    this.#expected = false
    if (ended && !expected) void this.turn(false)
    // It was left before the browser had begun it.
    else if (!ended && !this.#bar.at.projector) void this.#leave()
  }

  async #leave(): Promise<void> {
    if (this.#screen.fullscreenElement === null || this.#leaving !== null) return
    this.#expected = true
    this.#leaving = this.#screen.exitFullscreen().catch(() => void (this.#expected = false))
    await this.#leaving
    this.#leaving = null
  }
}
