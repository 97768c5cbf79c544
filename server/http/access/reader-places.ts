import type { FastifyRequest } from 'fastify'
import { HttpError } from '../errors.ts'

/** Places beyond the limit for holders of the full token, so that nobody with the class link can keep them out. */
export const READERS_KEPT = 8

/** Counts the readers of `/ws` and `/api/events`, all together and for each address. */
export class ReaderPlaces {
  readonly #max: number
  readonly #perAddress: number
  readonly #hasToken: boolean
  readonly #byAddress = new Map<string, number>()
  #taken = 0

  /** @param max limit of dashboards and readers of /api/events together */
  constructor(max: number, hasToken: boolean) {
    this.#max = max
    // Not fewer: behind a reverse proxy or NAT, a whole class has one address.
    this.#perAddress = Math.ceil(max / 2)
    this.#hasToken = hasToken
  }

  /** @throws HttpError if there is no place for this reader */
  check(request: FastifyRequest): void {
    const limit = this.#max
    if (this.#isTrusted(request)) {
      if (this.#taken >= limit + READERS_KEPT) throw full(limit)
      return
    }
    if (this.#taken >= limit) throw full(limit)
    if ((this.#byAddress.get(request.ip) ?? 0) >= this.#perAddress) throw fullAddress(this.#perAddress)
  }

  /** @returns a function that frees the place; call it once */
  take(request: FastifyRequest): () => void {
    // Once the connection has closed, the address can no longer be read.
    const address = this.#isTrusted(request) ? null : request.ip
    this.#add(address, 1)
    return () => this.#add(address, -1)
  }

  #add(address: string | null, change: 1 | -1): void {
    this.#taken += change
    if (address === null) return
    const count = (this.#byAddress.get(address) ?? 0) + change
    if (count === 0) this.#byAddress.delete(address)
    else this.#byAddress.set(address, count)
  }

  /** Without a configured token everybody has full rights, so the limits apply to everybody. */
  #isTrusted({ right }: FastifyRequest): boolean {
    return this.#hasToken && right === 'full'
  }
}

function full(limit: number): HttpError {
  return new HttpError(503, 'TOO_MANY_READERS', `${limit} readers follow already. Try again when one has left.`, {
    limit,
  })
}

function fullAddress(limit: number): HttpError {
  return new HttpError(
    503,
    'TOO_MANY_FROM_ADDRESS',
    `${limit} readers follow from this address already. Try again when one has left.`,
    { limit },
  )
}
