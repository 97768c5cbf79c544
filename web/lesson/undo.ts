import type { ClientRecord } from '../../shared/client.ts'
import type { Answer, Api } from '../live/api.ts'
import type { ServerFacts } from '../live/server-facts.svelte.ts'
import type { Table } from '../live/table.ts'

/** Refusals that may pass: the link is lost, or the listener process is busy. */
const PASSING = ['unreachable', 'LISTENER_UNRESPONSIVE', 'TOO_MANY_REQUESTS']
const AGAIN_MS = 1_000

/** The clients and the crowd that the lesson has opened, and whether it has stopped accepting. Leaving a step undoes all. */
export class Undo {
  readonly #api: Api
  readonly #server: Pick<ServerFacts, 'instance' | 'listener'>
  readonly #table: Pick<Table, 'get'>
  #clients: ClientRecord[] = []
  /** The key of the crowd. */
  #crowd: string | null = null
  /** Connections that the server keeps open because of the lesson. */
  #held: number[] = []
  /** Connections whose clients the lesson has closed. The table may still list them as open for a moment. */
  #closed: ReadonlySet<number> = new Set()
  /** The server's run that these clients belong to. Ids start again with the next run. */
  #instance: string | null = null
  /** The lesson has stopped accepting, and has not resumed it yet. */
  #stopped = false
  /** How many times the lesson has stopped accepting. */
  #stops = 0

  constructor(api: Api, server: Pick<ServerFacts, 'instance' | 'listener'>, table: Pick<Table, 'get'>) {
    this.#api = api
    this.#table = table
    this.#server = server
  }

  /** Starts over with another run of the server. */
  beginRun(instance: string): void {
    this.#instance = instance
    this.#clients = []
    this.#crowd = null
    this.#held = []
    this.#closed = new Set()
    this.#stopped = false
  }

  add(client: ClientRecord): void {
    this.#clients.push(client)
  }

  /** A crowd is open, or on its way. */
  addCrowd(key: string): void {
    this.#crowd = key
  }

  addHeld(connectionId: number): void {
    this.#held.push(connectionId)
  }

  /** Whether the lesson has closed the client of this connection. */
  hasClosed(id: number): boolean {
    return this.#closed.has(id)
  }

  /** @param here whether the step that asks is still open; accepting resumes if it isn't */
  async setAccepting(on: boolean, here: () => boolean): Promise<Answer<unknown>> {
    if (!on) {
      this.#stopped = true
      this.#stops++
    }
    const answer = await this.#api.setAccepting(on)
    if (on === answer.ok) this.#stopped = false
    if (!on && answer.ok && !here()) return this.setAccepting(true, here)
    return answer
  }

  /** Closes the clients and resumes accepting. */
  async all(): Promise<void> {
    const own = this.#clients
    this.#clients = []
    const ids = own.flatMap(({ connectionId }) => connectionId ?? [])
    this.#closed = new Set([...this.#closed, ...ids])
    if (own.length === 0) return this.#close([])
    // Some clients have already closed, as the step asked.
    const open = await this.#api.clients()
    this.#close(open.ok ? own.filter(({ id }) => open.body.some((one) => one.id === id)) : own)
  }

  /** Like `all`, at once: the page is closing. */
  now(): void {
    this.#close(this.#clients)
  }

  /** Closes clients by FIN: a reset would be counted and drawn as a fault. */
  #close(clients: readonly ClientRecord[]): void {
    const { instance, listener } = this.#server
    // After a restart of the server these clients no longer exist, and their ids belong to others.
    if (instance !== this.#instance) return
    void this.#acceptAgain()
    for (const id of this.#held) if (this.#table.get(id)?.live === true) void this.#api.closeConnection(id, 'fin')
    this.#held = []
    if (this.#crowd !== null) void this.#api.closeCrowd(this.#crowd)
    this.#crowd = null
    for (const { id, connectionId } of clients) {
      void this.#api.closeClient(id, 'fin')
      // The `silent` behavior doesn't answer the client's FIN.
      if (connectionId !== null && listener?.behavior === 'silent') void this.#api.closeConnection(connectionId, 'fin')
    }
  }

  /** Resumes accepting, and tries again until the server has answered: nobody else would resume it. */
  async #acceptAgain(): Promise<void> {
    const [stops, instance] = [this.#stops, this.#instance]
    const isOurs = () => this.#stopped && this.#stops === stops && this.#server.instance === instance
    while (isOurs()) {
      const answer = await this.setAccepting(true, () => false)
      if (answer.ok || !PASSING.includes(answer.code)) return
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}
