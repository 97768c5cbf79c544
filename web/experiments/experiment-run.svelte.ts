import { createContext } from 'svelte'
import type { ClientRecord, ClientRequest } from '../../shared/client.ts'
import type { Answer, Api, Refused } from '../live/api.ts'
import type { Table } from '../live/table.ts'
import { messages } from '../text/messages.ts'
import { type Experiment, EXPERIMENTS, type Fate } from './experiments.ts'
import { withFreePorts } from './free-ports.ts'

/** What happened to one client. */
export interface ClientOutcome {
  wish: ClientRequest
  fate: Fate
  client: ClientRecord | null
  refused: Refused | null
}

/** Requests in parallel: still a burst, but a small one that the server answers in order. */
const AT_ONCE = 20
/** Limit of requests for the ids of waiting clients. The listener process accepts them within a few milliseconds. */
const NUMBER_ATTEMPTS = 20

/** The run of one experiment, with real clients that exist until they are cleaned up. */
export class ExperimentRun {
  state = $state<'idle' | 'running' | 'done' | 'cleaned'>('idle')
  outcomes = $state.raw<ClientOutcome[]>([])
  /** What ended the run early. */
  failure = $state.raw<Refused | null>(null)
  bytesSent = $state(0)
  readonly experiment: Experiment
  #api: Api
  #table: Pick<Table, 'rows'>
  #expected: Fate[] = []
  /** This run has stopped accepting, and has not resumed it yet. */
  stoppedAccepting = $state(false)

  constructor(experiment: Experiment, api: Api, table: Pick<Table, 'rows'>) {
    this.experiment = experiment
    this.#api = api
    this.#table = table
  }

  get asPredicted(): boolean {
    return (
      this.failure === null &&
      this.outcomes.length === this.#expected.length &&
      this.outcomes.every(({ fate }, index) => fate === this.#expected[index])
    )
  }

  /** @param count number of clients, if the experiment leaves it to the person */
  async start(count: number): Promise<void> {
    await this.cleanUp()
    this.state = 'running'
    this.outcomes = []
    this.failure = null
    this.bytesSent = 0
    const { clients, expect, counted, paused } = this.experiment
    const wishes = counted
      ? Array.from({ length: count }, () => clients[0] ?? {})
      : withFreePorts(clients, this.#table.rows())
    this.#expected = counted ? wishes.map(() => expect[0] ?? 'accepted') : expect
    if (paused) {
      const answer = await this.#api.setAccepting(false)
      this.stoppedAccepting = answer.ok
      this.#check(answer)
    }
    if (this.failure === null) await this.#open(wishes, counted || paused ? AT_ONCE : 1)
    if (this.failure === null) await this.#after()
    this.state = 'done'
  }

  async cleanUp(): Promise<void> {
    if (this.state !== 'done') return
    this.state = 'running'
    await this.acceptAgain()
    const open = this.outcomes.flatMap(({ client }) => client ?? [])
    // A reset leaves no TIME_WAIT, so the next run can use the same 4-tuples.
    await inParts(open, AT_ONCE, ({ id }) => this.#api.closeClient(id, 'reset'))
    this.state = 'cleaned'
  }

  /** The server was restarted: its clients are gone, and others get their ids. */
  forget(): void {
    this.outcomes = []
    this.stoppedAccepting = false
    if (this.state !== 'running') this.state = 'idle'
  }

  /** Resumes accepting, and reads the connection ids that the waiting clients get. */
  async acceptAgain(): Promise<void> {
    if (!this.stoppedAccepting) return
    const answer = await this.#api.setAccepting(true)
    this.#check(answer)
    if (!answer.ok) return
    this.stoppedAccepting = false
    for (let attempt = 0; attempt < NUMBER_ATTEMPTS && this.outcomes.some(isUnnumbered); attempt++) {
      const clients = await this.#api.clients()
      if (!clients.ok) return
      this.outcomes = this.outcomes.map((outcome) => ({
        ...outcome,
        client: outcome.client && (clients.body.find(({ id }) => id === outcome.client?.id) ?? outcome.client),
      }))
    }
  }

  async #open(wishes: ClientRequest[], atOnce: number): Promise<void> {
    await inParts(wishes, atOnce, async (wish) => {
      const answer = await this.#api.openClient(wish)
      if (answer.ok) {
        const fate = answer.body.connectionId === null ? 'waiting' : 'accepted'
        this.outcomes = [...this.outcomes, { wish, fate, client: answer.body, refused: null }]
      } else if (answer.code.startsWith('E')) {
        this.outcomes = [...this.outcomes, { wish, fate: 'refused', client: null, refused: answer }]
      } else {
        // The server refused the request, not the kernel, so this is no result of the experiment.
        this.#check(answer)
      }
    })
  }

  async #after(): Promise<void> {
    const { after } = this.experiment
    if (!after) return
    for (const { client } of this.outcomes) {
      if (client === null) continue
      if ('leave' in after) this.#check(await this.#api.closeClient(client.id, after.leave))
      else {
        for (let chunk = 0; chunk < after.sendChunks; chunk++) {
          const answer = await this.#api.send(client.id, 'x'.repeat(after.chunkBytes))
          this.#check(answer)
          if (!answer.ok) return
          this.bytesSent += answer.body.bytes
        }
      }
    }
  }

  #check(answer: Answer<unknown>): void {
    if (!answer.ok) this.failure = { code: answer.code, message: answer.message || messages.live.errors.unreachable }
  }
}

/** Creates one run per experiment. The runs outlive the panel, so that their clients can still be cleaned up. */
export function createRuns(api: Api, table: Pick<Table, 'rows'>): readonly ExperimentRun[] {
  return EXPERIMENTS.map((experiment) => new ExperimentRun(experiment, api, table))
}

export const [getRuns, setRuns] = createContext<readonly ExperimentRun[]>()

function isUnnumbered({ client }: ClientOutcome): boolean {
  return client !== null && client.connectionId === null
}

/** Closes every built-in client, including those of runs that a reloaded page no longer knows. */
export async function closeAllClients(api: Api): Promise<Answer<number>> {
  const clients = await api.clients()
  if (!clients.ok) return clients
  let refused: Answer<unknown> | null = null
  await inParts(clients.body, AT_ONCE, async ({ id }) => {
    const answer = await api.closeClient(id, 'reset')
    if (!answer.ok && answer.code !== 'CLIENT_NOT_FOUND') refused = answer
  })
  return refused ?? { ok: true, body: clients.body.length }
}

async function inParts<T>(items: T[], size: number, work: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(work))
  }
}
