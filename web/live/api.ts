import { createContext } from 'svelte'
import type { ClientRecord } from '../../shared/client.ts'
import { type Action, BODY_MAX, type CloseAction } from '../../shared/action.ts'
import type { Language } from '../../shared/language.ts'
import type { JoinFacts } from '../../shared/join.ts'
import type { Direction } from '../../shared/payload.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'

export interface ClientWish {
  from?: { address?: string; port?: number }
  to?: { address: string }
  /** False: it never reads. */
  reading?: boolean
}

/** What the server, or the kernel through it, refused; `code` is an errno name or one of the server's. */
export interface Refused {
  code: string
  message: string
  /** SEND_QUEUE_FULL: bytes still to go. */
  waiting?: number
}

/** The bytes of a send. */
export type Bytes = { text: string } | { hex: string } | { base64: string }

/** Whom a bulk action is for. */
export type Targets = { ids: number[] } | { all: true }

/** How a bulk action ended: for how many it was done, and why not for the others. */
export interface BulkAnswer {
  done: number
  refused: { id: number; code: string }[]
}

export type Answer<T> = { ok: true; body: T } | ({ ok: false } & Refused)

/** What the page asks of the server beside its feed: actions, clients of the listener, downloads (docs/api.md). */
export class Api {
  #token: string | null

  constructor(token: string | null) {
    this.#token = token
  }

  setAccepting(on: boolean): Promise<Answer<unknown>> {
    return this.#ask('POST', `listener/${on ? 'resume' : 'pause'}`)
  }

  setGreeting(language: Language): Promise<Answer<unknown>> {
    return this.#ask('POST', 'listener/greeting', { language })
  }

  openClient(wish: ClientWish): Promise<Answer<ClientRecord>> {
    return this.#ask('POST', 'clients', wish)
  }

  /** What /proc says of the connection's descriptor: null once it is closed, or where there is no /proc. */
  descriptorInode(id: number): Promise<Answer<{ descriptorInode: number | null }>> {
    return this.#ask('GET', `connections/${id}`)
  }

  /** What a link for a class is made of; not for who came by one. */
  join(): Promise<Answer<JoinFacts>> {
    return this.#ask('GET', 'join')
  }

  clients(): Promise<Answer<ClientRecord[]>> {
    return this.#ask('GET', 'clients')
  }

  send(id: number, text: string): Promise<Answer<{ bytes: number }>> {
    return this.#ask('POST', `clients/${id}/send`, { text })
  }

  closeClient(id: number, how: 'fin' | 'half' | 'reset'): Promise<Answer<unknown>> {
    return this.#ask('DELETE', `clients/${id}?how=${how}`)
  }

  /** `waiting`: of these and earlier bytes, those that the kernel has not taken yet. */
  sendBytes(id: number, bytes: Bytes): Promise<Answer<{ bytes: number; waiting: number }>> {
    return this.#ask('POST', `connections/${id}/send`, bytes)
  }

  closeConnection(id: number, how: CloseAction): Promise<Answer<Action>> {
    return this.#ask('POST', `connections/${id}/close`, { how })
  }

  setReading(id: number, paused: boolean): Promise<Answer<Action>> {
    return this.#ask('POST', `connections/${id}/reading`, { paused })
  }

  async sendToMany(targets: Targets, bytes: Bytes): Promise<Answer<BulkAnswer>> {
    const answer = await this.#ask<BulkAnswer & { sent: number }>('POST', 'connections/send', { ...targets, ...bytes })
    return answer.ok ? { ok: true, body: { done: answer.body.sent, refused: answer.body.refused } } : answer
  }

  async closeMany(targets: Targets, how: CloseAction): Promise<Answer<BulkAnswer>> {
    const answer = await this.#ask<BulkAnswer & { closed: number }>('POST', 'connections/close', { ...targets, how })
    return answer.ok ? { ok: true, body: { done: answer.body.closed, refused: answer.body.refused } } : answer
  }

  /** One connection's life, a JSON object a line. */
  life(id: number): Promise<Answer<Blob>> {
    return this.#download(`connections/${id}/events`, 'application/x-ndjson')
  }

  /** The captured bytes of one direction, never as a type that a browser would show. */
  payload(id: number, direction: Direction): Promise<Answer<Blob>> {
    return this.#download(`connections/${id}/payload?direction=${direction}`, 'application/octet-stream')
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

  async #ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    // A server may close on the rest of a body that it does not take, and its answer never be read.
    if (body && !fitsBody(body)) return refusedHere('BODY_TOO_LARGE')
    const headers = this.#headers()
    if (body) headers['content-type'] = 'application/json'
    // What closes and undoes, a page that goes still sends.
    const init: RequestInit = body
      ? { method, headers, body: JSON.stringify(body) }
      : { method, headers, keepalive: method !== 'GET' }
    try {
      const response = await fetch(new URL(`api/${path}`, location.href), init)
      const text = await response.text()
      const answer: unknown = text === '' ? null : JSON.parse(text)
      if (response.ok) return { ok: true, body: answer as T }
      return { ok: false, ...(answer as Refused) }
    } catch {
      return refusedHere('unreachable')
    }
  }
}

export const [getApi, setApi] = createContext<Api>()

/** Whether the server takes a request with this body. */
export function fitsBody(body: object): boolean {
  return new TextEncoder().encode(JSON.stringify(body)).length <= BODY_MAX
}

/** A refusal in words: the page's own where it has some, else the server's. */
export function describeRefusal({ code, message, waiting }: Refused): string {
  if (code === 'SEND_QUEUE_FULL' && waiting !== undefined) return messages.live.queueFull(formatBytes(waiting))
  const known: Record<string, unknown> = messages.live.errors
  const text = known[code]
  return typeof text === 'string' ? text : message
}

/** Refused before the server could be asked. */
function refusedHere(code: 'unreachable' | 'BODY_TOO_LARGE') {
  return { ok: false, code, message: messages.live.errors[code] } as const
}
