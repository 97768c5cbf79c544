import { createContext } from 'svelte'
import { type Api, describeRefusal } from './api.ts'
import type { ServerFacts } from './server-facts.svelte.ts'
import type { ServerLink } from './server-link.svelte.ts'

/** Opens built-in clients at a person's wish, wherever a button offers it. */
export class Connector {
  /** Why the last wish failed; empty after a success. */
  fault = $state('')
  readonly #api: Api
  readonly #link: Pick<ServerLink, 'state'>
  readonly #server: Pick<ServerFacts, 'listener'>
  readonly #connected: (id: number) => void

  /** @param connected called with the connection, if it has been accepted at once */
  constructor(
    { api, link, server }: { api: Api; link: Pick<ServerLink, 'state'>; server: Pick<ServerFacts, 'listener'> },
    connected: (id: number) => void,
  ) {
    this.#api = api
    this.#link = link
    this.#server = server
    this.#connected = connected
  }

  /** Whether there is a port to connect to. While the server shuts down, the kernel refuses every client. */
  get ready(): boolean {
    return this.#link.state === 'live' && this.#server.listener?.state !== 'stopping'
  }

  async connect(): Promise<void> {
    if (!this.ready) return
    const answer = await this.#api.openClient({ from: {} })
    this.fault = answer.ok ? '' : describeRefusal(answer)
    if (answer.ok && answer.body.connectionId !== null) this.#connected(answer.body.connectionId)
  }
}

export const [getConnector, setConnector] = createContext<Connector>()
