import type { ClassFacts } from '../../shared/class.ts'
import { type Answer, describeRefusal } from '../live/api.ts'
import type { ClassApi } from './class-api.ts'

/** How often the roster and the answers are fetched while they are on screen. */
const EVERY_MS = 1_000

/** What only the teacher sees of the class. */
export class Teacher {
  facts = $state.raw<ClassFacts | null>(null)
  /** Why the last act was refused. */
  #refused = $state<string | null>(null)
  /** Why the facts are not fetched. */
  #lost = $state<string | null>(null)
  busy = $state(false)
  readonly #api: Pick<ClassApi, 'facts'>

  constructor(api: Pick<ClassApi, 'facts'>) {
    this.#api = api
  }

  get fault(): string | null {
    return this.#refused ?? this.#lost
  }

  /** Fetches at once, and again and again. @returns a function that stops it */
  follow(): () => void {
    const timer = setInterval(() => void this.#fetch(), EVERY_MS)
    void this.#fetch()
    return () => clearInterval(timer)
  }

  /** Does one thing, and shows its refusal. */
  async act(what: Promise<Answer<unknown>>): Promise<boolean> {
    this.busy = true
    const answer = await what
    this.#refused = answer.ok ? null : describeRefusal(answer)
    await this.#fetch()
    this.busy = false
    return answer.ok
  }

  async #fetch(): Promise<void> {
    const answer = await this.#api.facts()
    if (answer.ok) this.facts = answer.body
    this.#lost = answer.ok ? null : describeRefusal(answer)
  }
}
