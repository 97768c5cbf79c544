/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import type { Hits } from '../../shared/filter/filter.ts'
import { type Answer, describeRefusal } from '../live/api.ts'

/** Time after the last key press before the server is asked, milliseconds. */
const TYPING_MS = 300
/** Minimum time between an answer and the next question while rows change, milliseconds. */
const AGAIN_MS = 2_000
/** A search may take at most this share of the time. */
const DUTY = 10

export interface TextSearchOptions {
  /** Asks the server for the connections whose captured bytes contain the text. */
  ask: (text: string) => Promise<Answer<readonly number[]>>
  /** Called when there are new hits. @param first for texts that had none */
  onFound: (first: boolean) => void
}

/** The hits of the filter's `text:` terms, which only the server can search. */
export class TextSearch {
  /** Whether the filter's texts have never been answered. */
  searching = $state(false)
  /** Why the last search failed; null: it did not. */
  failure = $state<string | null>(null)
  /** Not reactive: `onFound` tells. */
  hits: Hits = new Map()
  readonly #options: TextSearchOptions
  #texts: readonly string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Rises with each question, so that only the newest one's answer counts. */
  #question = 0
  #asking = false
  #nextAt = 0

  constructor(options: TextSearchOptions) {
    this.#options = options
  }

  /** Sets the texts of the filter. @returns whether the hits are those of these texts */
  want(texts: readonly string[]): boolean {
    if (texts.join('\n') === this.#texts.join('\n') && this.#texts.length === texts.length) return !this.searching
    clearTimeout(this.#timer)
    // The answer on its way is for other texts.
    this.#question++
    this.#asking = false
    this.#texts = texts
    this.failure = null
    this.searching = texts.some((text) => !this.hits.has(text))
    if (this.searching) this.#timer = setTimeout(() => void this.#ask(), TYPING_MS)
    return !this.searching
  }

  /** The hits are ids of a run of the server that is over. The next `want` asks again. */
  forget(): void {
    this.hits = new Map()
    this.want([])
  }

  /** Asks again, because bytes may have come, unless it is too soon. */
  refresh(): void {
    if (this.#texts.length === 0 || this.searching || this.#asking || performance.now() < this.#nextAt) return
    void this.#ask()
  }

  async #ask(): Promise<void> {
    const question = ++this.#question
    const texts = this.#texts
    const askedAt = performance.now()
    this.#asking = true
    const answers = await Promise.all(texts.map((text) => this.#options.ask(text)))
    if (question !== this.#question) return
    this.#asking = false
    const now = performance.now()
    this.#nextAt = now + Math.max(AGAIN_MS, (now - askedAt) * DUTY)
    const refused = answers.find((answer) => !answer.ok)
    this.failure = refused?.ok === false ? describeRefusal(refused) : null
    // What was found before stays when the next search fails.
    if (this.failure !== null && !this.searching) return
    this.hits = new Map(texts.map((text, index) => [text, idsOf(answers[index])]))
    const first = this.searching
    this.searching = false
    this.#options.onFound(first)
  }
}

function idsOf(answer: Answer<readonly number[]> | undefined): ReadonlySet<number> {
  return new Set(answer?.ok === true ? answer.body : [])
}
