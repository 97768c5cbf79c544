import { createContext } from 'svelte'
import { type Api, describeRefusal } from './api.ts'
import type { ServerLink } from './server-link.svelte.ts'

/** Opens built-in clients at a person's wish, wherever a button offers it. */
export class Connector {
  /** Why the last wish failed; empty after a success. */
  fault = $state('')
  readonly #api: Api
  readonly #link: ServerLink
  readonly #connected: (id: number) => void

  /** @param connected called with the connection, if it has been accepted at once */
  constructor(api: Api, link: ServerLink, connected: (id: number) => void) {
    this.#api = api
    this.#link = link
    this.#connected = connected
  }

  async connect(): Promise<void> {
    if (this.#link.state !== 'live') return
    const answer = await this.#api.openClient({ from: {} })
    this.fault = answer.ok ? '' : describeRefusal(answer)
    if (answer.ok && answer.body.connectionId !== null) this.#connected(answer.body.connectionId)
  }
}

export const [getConnector, setConnector] = createContext<Connector>()
