import { expect, test } from 'vitest'
import type { Api } from '../../../web/live/api.ts'
import { Connector } from '../../../web/live/connector.svelte.ts'
import { LISTENER } from './listener.ts'

/** A connector, and the connections that it was told of. */
function connector({ link = 'live', state = LISTENER.state }) {
  let asked = 0
  const connected: number[] = []
  const openClient = () => {
    asked++
    return Promise.resolve({ ok: true, body: { connectionId: 7 } })
  }
  const made = new Connector(
    {
      api: { openClient } as unknown as Api,
      link: { state: link } as ConstructorParameters<typeof Connector>[0]['link'],
      server: { listener: { ...LISTENER, state } },
    },
    (id) => void connected.push(id),
  )
  return { made, connected, asked: () => asked }
}

test('a client is opened, and its connection is shown, also while accepting is stopped', async () => {
  for (const state of ['accepting', 'paused'] as const) {
    const { made, connected } = connector({ state })
    expect(made.ready).toBe(true)
    await made.connect()
    expect(connected).toEqual([7])
  }
})

test('no client is opened while the server shuts down, or without a link to it', async () => {
  for (const situation of [{ state: 'stopping' as const }, { link: 'lost' }]) {
    const { made, asked } = connector(situation)
    expect(made.ready).toBe(false)
    await made.connect()
    expect(asked()).toBe(0)
  }
})
