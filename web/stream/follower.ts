import { createContext } from 'svelte'
import type { FollowFrame } from '../../shared/payload.ts'
import type { ServerLink } from '../live/server-link.svelte.ts'
import { Followed } from './followed.ts'

/** Asks the server for the bytes of one connection, and collects them. */
export class Follower {
  /** Changed in place and not reactive. */
  followed: Followed | null = null
  #link: Pick<ServerLink, 'send' | 'subscribe'>
  #instance: string | null = null

  constructor(link: Pick<ServerLink, 'send' | 'subscribe'>) {
    this.#link = link
    link.subscribe({
      hello: ({ instance }) => {
        // In another run of the server, the same id belongs to another connection.
        if (this.#instance !== null && instance !== this.#instance) this.followed = null
        this.#instance = instance
        if (this.followed) this.#ask()
      },
      payload: (frame) => this.followed?.apply(frame),
      error: ({ code }) => {
        if (code === 'CONNECTION_NOT_FOUND') this.followed?.refuse()
      },
    })
  }

  /** @param id null stops following */
  follow(id: number | null): void {
    this.followed = id === null ? null : new Followed(id)
    this.#ask()
  }

  #ask(): void {
    const frame: FollowFrame = { type: 'follow', id: this.followed?.id ?? null }
    this.#link.send(frame)
  }
}

export const [getFollower, setFollower] = createContext<Follower>()
