import { describe, expect, test } from 'vitest'
import type { CloseAction } from '../../../shared/vocabulary.ts'
import { startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'

async function closeBy(uiPort: number, id: number, how: CloseAction): Promise<void> {
  const url = `http://127.0.0.1:${uiPort}/api/connections/${id}/close`
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify({ how }) })).status).toBe(200)
}

describe('bytes that the kernel has not taken', () => {
  /** A client that does not read, and sends until one is refused. */
  async function filled() {
    const server = await startServer({ behavior: 'silent', greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = await connectClient(server.port)
    client.socket.pause()
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    let written = 0
    for (;;) {
      const data = Buffer.alloc(1_000_019, 'x').toString()
      const headers = { 'content-type': 'application/json' }
      const url = `http://127.0.0.1:${server.uiPort}/api/connections/${id}/send`
      const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ text: data }) })
      if (status === 409) break
      written += data.length
    }
    return { server, feed, client, id, written }
  }

  test('are counted to the byte, apart from those that wait in the two kernel queues', async () => {
    const { feed, client, written } = await filled()
    const one = await feed.connection('sampled', ({ bytesOut, kernel, otherEnd }) => {
      return (
        kernel !== null &&
        otherEnd !== null &&
        kernel.sendQueue + otherEnd.recvQueue + client.socket.bytesRead === bytesOut
      )
    })
    expect(one.bytesWaiting).toBeGreaterThan(0)
    expect(one.bytesOut + one.bytesWaiting).toBe(written)
  })

  test('after an RST by hand: they were never sent, and the sample before it tells what else was lost', async () => {
    const { server, feed, client, id, written } = await filled()
    client.socket.write('unread')
    await closeBy(server.uiPort, id, 'reset')
    const one = await feed.closedOf(client.local.port)
    expect(one.close).toMatchObject({ by: 'server', how: 'reset', evidence: null })
    const unsent = one.close?.beforeReset?.unsent ?? 0
    expect(unsent).toBeGreaterThan(0)
    expect(unsent).toBeLessThanOrEqual(one.bytesOut)
    expect(one.bytesWaiting).toBeGreaterThan(0)
    expect(one.bytesOut + one.bytesWaiting).toBe(written)
    const answer = await fetch(`http://127.0.0.1:${server.uiPort}/api/connections/${id}/payload?direction=out`)
    expect(Number(answer.headers.get('oneport-payload-total'))).toBe(written)
    const kept = Number(answer.headers.get('oneport-payload-offset'))
    expect(Number(answer.headers.get('oneport-payload-taken'))).toBe(one.bytesOut)
    expect((await answer.arrayBuffer()).byteLength).toBe(written - kept)
    const life = await (await fetch(`http://127.0.0.1:${server.uiPort}/api/connections/${id}/events`)).text()
    expect(JSON.parse(life.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'close',
      neverSent: one.bytesWaiting,
    })
  })

  test('no bytes wait where the client reads', async () => {
    const server = await startServer({ greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end('hello')
    expect(await feed.closedOf(client.local.port)).toMatchObject({ bytesOut: 5, bytesWaiting: 0 })
  })
})
