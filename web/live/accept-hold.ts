import type { Api } from './api.ts'
import type { ServerLink } from './server-link.svelte.ts'

/**
 * Repeats in time that accepting shall be stopped, as long as this page is open and connected. The server's own frames set the
 * pace, because browsers slow down the timers of hidden tabs.
 */
export function keepHold(link: Pick<ServerLink, 'subscribe'>, api: Pick<Api, 'holdsAccept' | 'repeatHold'>): void {
  /** A frame from before the stop may still come after it. */
  let stopped = false
  link.subscribe({
    hello: ({ listener }) => follow(listener),
    listener: ({ listener }) => follow(listener),
    alive: () => {
      if (api.holdsAccept && stopped) void api.repeatHold()
    },
  })

  function follow({ state }: { state: string }): void {
    // Somebody else has resumed, or the lease has ended.
    if (stopped && state === 'accepting') api.holdsAccept = false
    stopped = state === 'paused'
  }
}
