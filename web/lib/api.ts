import type { ClientRecord } from '../../shared/client.ts'
import type { Direction } from '../../shared/payload.ts'
import { messages } from './messages.ts'

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
}

const UNREACHABLE = { ok: false, code: 'unreachable', message: messages.kernel.errors.unreachable } as const

export type Answer<T> = { ok: true; body: T } | ({ ok: false } & Refused)

/** The writes of the page: clients of the listener, and the accept switch (interface, 4). */
export class Api {
  #token: string | null

  constructor(token: string | null) {
    this.#token = token
  }

  setAccepting(on: boolean): Promise<Answer<unknown>> {
    return this.#ask('POST', `listener/${on ? 'resume' : 'pause'}`)
  }

  openClient(wish: ClientWish): Promise<Answer<ClientRecord>> {
    return this.#ask('POST', 'clients', wish)
  }

  /** What /proc says of the connection's descriptor: null once it is closed, or where there is no /proc. */
  descriptorInode(id: number): Promise<Answer<{ descriptorInode: number | null }>> {
    return this.#ask('GET', `connections/${id}`)
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

  /** The captured bytes of one direction, never as a type that a browser would show. */
  async payload(id: number, direction: Direction): Promise<Answer<Blob>> {
    try {
      const url = new URL(`api/connections/${id}/payload?direction=${direction}`, location.href)
      const response = await fetch(url, { headers: this.#headers() })
      if (!response.ok) return { ok: false, ...((await response.json()) as Refused) }
      return { ok: true, body: new Blob([await response.arrayBuffer()], { type: 'application/octet-stream' }) }
    } catch {
      return UNREACHABLE
    }
  }

  #headers(): Record<string, string> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const headers = this.#headers()
    if (body) headers['content-type'] = 'application/json'
    const init: RequestInit = body ? { method, headers, body: JSON.stringify(body) } : { method, headers }
    try {
      const response = await fetch(new URL(`api/${path}`, location.href), init)
      const text = await response.text()
      const answer: unknown = text === '' ? null : JSON.parse(text)
      if (response.ok) return { ok: true, body: answer as T }
      return { ok: false, ...(answer as Refused) }
    } catch {
      return UNREACHABLE
    }
  }
}

/** A refusal in words: the page's own where it has some, else the server's. */
export function describeRefusal({ code, message }: Refused): string {
  const known: Record<string, unknown> = messages.kernel.errors
  const text = known[code]
  return typeof text === 'string' ? text : message
}
