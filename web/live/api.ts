import { createContext } from 'svelte'
import {
  type Action,
  BODY_MAX,
  type Bytes,
  type CloseAction,
  type CloseManyAnswer,
  type RefusedTargets,
  type SendAnswer,
  type SendManyAnswer,
  type Targets,
} from '../../shared/action.ts'
import type { ClientRecord, ClientRequest } from '../../shared/client.ts'
import type { Crowd } from '../../shared/crowd.ts'
import type { ListenTrial } from '../../shared/listen-trial.ts'
import type { Connection, ConnectionWithInode } from '../../shared/connection.ts'
import type { ApiError } from '../../shared/error.ts'
import { withText } from '../../shared/filter/filter.ts'
import type { JoinFacts } from '../../shared/join.ts'
import type { Language } from '../../shared/language.ts'
import type { Direction } from '../../shared/payload.ts'
import type { Rule } from '../../shared/script.ts'
import { ALIVE_MS, type Behavior, type Listener } from '../../shared/stream.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** How long accepting stays stopped when the page that stopped it is gone. */
export const LEASE_MS = 3 * ALIVE_MS

/** A refusal by the server, or by the kernel. `code` is an errno name or one of the server's codes. */
export type Refused = Pick<ApiError, 'code' | 'message' | 'waiting'>

/** Characters of a request's body. */
const KEPT_ALIVE_MAX = 4_096

/** The result of a bulk action: for how many connections it was done, and why it was refused for the others. */
export interface BulkAnswer {
  done: number
  refused: RefusedTargets
}

/** Some of the closed connections that the server keeps, the newest first, and how many match the filter. */
export interface ClosedPage {
  total: number
  items: Connection[]
}

export type Answer<T> = { ok: true; body: T } | ({ ok: false } & Refused)

/** The page's requests besides its feed: actions, built-in clients, downloads. */
export class Api {
  /** This page has stopped accepting. */
  holdsAccept = false
  /** This page is a student's, whose clients are of the student's own. */
  asStudent = false
  #token: string | null

  constructor(token: string | null) {
    this.#token = token
  }

  /** Resumes accepting, or stops it for as long as this page repeats that (accept-hold.ts). */
  async setAccepting(on: boolean): Promise<Answer<Listener>> {
    this.holdsAccept = false
    const answer = await (on ? this.ask<Listener>('POST', 'listener/resume') : this.repeatHold())
    this.holdsAccept = !on && answer.ok
    return answer
  }

  repeatHold(): Promise<Answer<Listener>> {
    return this.ask('POST', 'listener/pause', { leaseMs: LEASE_MS })
  }

  setGreeting(language: Language): Promise<Answer<Listener>> {
    return this.ask('POST', 'listener/greeting', { language })
  }

  /** @param rules of `scripted`; without, the port's */
  setBehavior(behavior: Behavior, rules?: readonly Rule[]): Promise<Answer<Listener>> {
    return this.ask('POST', 'listener/behavior', rules ? { behavior, rules } : { behavior })
  }

  /** @param behavior null: the port's */
  setConnectionBehavior(id: number, behavior: Behavior | null): Promise<Answer<Action>> {
    return this.ask('POST', `connections/${id}/behavior`, { behavior })
  }

  openClient(request: ClientRequest): Promise<Answer<ClientRecord>> {
    // The server chooses the addresses of a student's clients.
    return this.ask('POST', this.#clients, this.asStudent ? undefined : request)
  }

  /** @param key needed to close it */
  openCrowd(count: number, key: string): Promise<Answer<Crowd>> {
    return this.ask('POST', 'crowd', { count, key })
  }

  closeCrowd(key: string): Promise<Answer<null>> {
    return this.ask('DELETE', `crowd?key=${key}`)
  }

  /** Opens listening sockets, as other programs would. They are closed when the answer comes. */
  tryListening(): Promise<Answer<{ trials: ListenTrial[] }>> {
    return this.ask('POST', 'listen-trials')
  }

  connection(id: number): Promise<Answer<ConnectionWithInode>> {
    return this.ask('GET', `connections/${id}`)
  }

  /** The closed connections that match the filter, from this place in their order. The newest come first. */
  closedConnections(filter: string, offset: number, limit: number): Promise<Answer<ClosedPage>> {
    const query = new URLSearchParams({
      state: 'closed',
      sort: '-close',
      filter,
      offset: `${offset}`,
      limit: `${limit}`,
    })
    return this.ask('GET', `connections?${query}`)
  }

  /** The connections whose captured bytes contain the text. */
  async idsWithText(text: string): Promise<Answer<number[]>> {
    const query = new URLSearchParams({ state: 'any', filter: withText(text) })
    const answer = await this.ask<{ ids: number[] }>('GET', `connections/ids?${query}`)
    return answer.ok ? { ok: true, body: answer.body.ids } : answer
  }

  /** Refused to visitors who use the join link. */
  join(): Promise<Answer<JoinFacts>> {
    return this.ask('GET', 'join')
  }

  get #clients(): string {
    return this.asStudent ? 'class/me/connections' : 'clients'
  }

  clients(): Promise<Answer<ClientRecord[]>> {
    return this.ask('GET', 'clients')
  }

  send(id: number, text: string): Promise<Answer<Pick<SendAnswer, 'bytes'>>> {
    return this.ask('POST', `${this.#clients}/${id}/send`, { text })
  }

  closeClient(id: number, how: CloseAction): Promise<Answer<null>> {
    return this.ask('DELETE', `${this.#clients}/${id}?how=${how}`)
  }

  sendBytes(id: number, bytes: Bytes): Promise<Answer<SendAnswer>> {
    return this.ask('POST', `connections/${id}/send`, bytes)
  }

  closeConnection(id: number, how: CloseAction): Promise<Answer<Action>> {
    return this.ask('POST', `connections/${id}/close`, { how })
  }

  setReading(id: number, paused: boolean): Promise<Answer<Action>> {
    return this.ask('POST', `connections/${id}/reading`, { paused })
  }

  async sendToMany(targets: Targets, bytes: Bytes): Promise<Answer<BulkAnswer>> {
    const answer = await this.ask<SendManyAnswer>('POST', 'connections/send', { ...targets, ...bytes })
    return answer.ok ? { ok: true, body: { done: answer.body.sent, refused: answer.body.refused } } : answer
  }

  async closeMany(targets: Targets, how: CloseAction): Promise<Answer<BulkAnswer>> {
    const answer = await this.ask<CloseManyAnswer>('POST', 'connections/close', { ...targets, how })
    return answer.ok ? { ok: true, body: { done: answer.body.closed, refused: answer.body.refused } } : answer
  }

  /** One connection's events as NDJSON. */
  life(id: number): Promise<Answer<Blob>> {
    return this.#download(`connections/${id}/events`, 'application/x-ndjson')
  }

  /** The captured bytes of one direction, as a type that browsers do not display. */
  payload(id: number, direction: Direction): Promise<Answer<Blob>> {
    return this.#download(`connections/${id}/payload?direction=${direction}`, 'application/octet-stream')
  }

  /** One connection as packets, for Wireshark. */
  pcapng(id: number): Promise<Answer<Blob>> {
    return this.#download(`connections/${id}/pcapng`, 'application/x-pcapng')
  }

  async #download(path: string, type: string): Promise<Answer<Blob>> {
    try {
      const response = await fetch(new URL(`api/${path}`, location.href), { headers: this.#headers() })
      if (!response.ok) return { ok: false, ...((await response.json()) as Refused) }
      return { ok: true, body: new Blob([await response.arrayBuffer()], { type }) }
    } catch {
      return refusedHere('unreachable')
    }
  }

  #headers(): Record<string, string> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }
  }

  /** Sends a request to `/api/`. @param path after it */
  async ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    // The server closes the connection if a body is too large, often before the browser has read the answer.
    if (body && !fitsBody(body)) return refusedHere('BODY_TOO_LARGE')
    const headers = this.#headers()
    if (body) headers['content-type'] = 'application/json'
    const text = body && JSON.stringify(body)
    // What cleans up must be sent even while the page is closing. Browsers do that for small requests only (Fetch, 64 KiB).
    const keepalive = method !== 'GET' && (text?.length ?? 0) < KEPT_ALIVE_MAX
    const init: RequestInit = { method, headers, keepalive, ...(text === undefined ? {} : { body: text }) }
    try {
      const response = await fetch(new URL(`api/${path}`, location.href), init)
      const told = await response.text()
      const answer: unknown = told === '' ? null : JSON.parse(told)
      if (response.ok) return { ok: true, body: answer as T }
      return { ok: false, ...(answer as Refused) }
    } catch {
      return refusedHere('unreachable')
    }
  }
}

export const [getApi, setApi] = createContext<Api>()

/** Explains a refusal: the page's own text for the code, or else the server's message. */
export function describeRefusal({ code, message, waiting }: Refused): string {
  if (code === 'SEND_QUEUE_FULL' && waiting !== undefined) return messages.live.queueFull(formatBytes(waiting))
  const known: Record<string, unknown> = messages.live.errors
  const text = known[code]
  return typeof text === 'string' ? text : message
}

/** Whether the server accepts a request with this body. */
export function fitsBody(body: object): boolean {
  return new TextEncoder().encode(JSON.stringify(body)).length <= BODY_MAX
}

/** A request that failed in the page: it never reached the server, or no answer came back. */
function refusedHere(code: 'unreachable' | 'BODY_TOO_LARGE') {
  return { ok: false, code, message: messages.live.errors[code] } as const
}
