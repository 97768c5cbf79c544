import { expect, test } from 'vitest'
import type { ListenerState } from '../../../shared/stream.ts'
import { keepHold } from '../../../web/live/accept-hold.ts'
import type { LinkReader } from '../../../web/live/server-link.svelte.ts'
import { LISTENER } from './listener.ts'

function page() {
  let reader: LinkReader = {}
  let repeated = 0
  const api = {
    holdsAccept: false,
    repeatHold: async () => {
      repeated++
      return { ok: true as const, body: LISTENER }
    },
  }
  keepHold({ subscribe: (one) => void (reader = one) }, api)
  return {
    api,
    listener: (state: ListenerState) => reader.listener?.({ type: 'listener', listener: { ...LISTENER, state } }),
    alive: () => {
      const before = repeated
      reader.alive?.({ type: 'alive', now: 0 })
      return repeated > before
    },
  }
}

test('the page repeats its hold whenever it hears from the server', () => {
  const { api, listener, alive } = page()
  listener('paused')
  api.holdsAccept = true
  expect([alive(), alive()]).toEqual([true, true])
  // The listener process has ended; the next one starts paused.
  listener('down')
  listener('paused')
  expect(alive()).toBe(true)
})

test('a page that did not stop accepting repeats nothing', () => {
  const { listener, alive } = page()
  listener('paused')
  expect(alive()).toBe(false)
})

test('once accepting has resumed, the page holds it no longer, even if somebody stops it again', () => {
  const { api, listener, alive } = page()
  api.holdsAccept = true
  // From before the stop.
  listener('accepting')
  listener('paused')
  expect(alive()).toBe(true)
  listener('accepting')
  expect(alive()).toBe(false)
  listener('paused')
  expect(alive()).toBe(false)
})
