import type { CloseAction } from '../../shared/action.ts'
import { type Answer, type Api, describeRefusal } from '../live/api.ts'
import type { ServerFacts } from '../live/server-facts.svelte.ts'
import type { ServerLink } from '../live/server-link.svelte.ts'
import { messages } from '../text/messages.ts'
import type { ActionResult } from './describe.ts'

/** The actions on the connection of the panel, for the composer and the diagnosis. Both show one result. */
export class Acting {
  result = $state.raw<ActionResult | null>(null)
  busy = $state(false)
  /** RST was pressed once. */
  armed = $state(false)
  #api: Api
  #link: Pick<ServerLink, 'state'>
  #server: Pick<ServerFacts, 'readOnly'>
  #id: () => number

  constructor(
    sources: { api: Api; link: Pick<ServerLink, 'state'>; server: Pick<ServerFacts, 'readOnly'> },
    id: () => number,
  ) {
    this.#api = sources.api
    this.#link = sources.link
    this.#server = sources.server
    this.#id = id
  }

  get readOnly(): boolean {
    return this.#server.readOnly
  }

  /** Why nothing can be done to a live connection now. */
  get refused(): string | null {
    if (this.readOnly) return messages.act.readOnly
    return this.#link.state === 'live' ? null : messages.act.offline
  }

  /** Another connection is shown. */
  forget(): void {
    this.result = null
    this.armed = false
  }

  close(how: CloseAction): Promise<void> {
    return this.#do(messages.act.done[how], (id) => this.#api.closeConnection(id, how))
  }

  setReading(paused: boolean): Promise<void> {
    const done = messages.act.done[paused ? 'pause-reading' : 'resume-reading']
    return this.#do(done, (id) => this.#api.setReading(id, paused))
  }

  resumeAccepting(): Promise<void> {
    return this.#do(messages.ports.queue.resumed, () => this.#api.setAccepting(true))
  }

  async #do(done: string, ask: (id: number) => Promise<Answer<unknown>>): Promise<void> {
    const id = this.#id()
    this.busy = true
    const answer = await ask(id)
    this.busy = false
    if (id !== this.#id()) return
    this.result = answer.ok ? { ok: true, words: done } : { ok: false, words: describeRefusal(answer) }
  }
}
