import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ConnectedSocket } from '../../../server/listener/connected-socket.ts'
import { type FactsMessage, UNREPORTED_MAX } from '../../../server/listener/messages.ts'
import { NO_PROGRESS, packProgress } from '../../../shared/record.ts'
import { Outbox } from '../../../server/listener/outbox.ts'

/** The part of a connection that the outbox reads. */
function connection(id: number, closed = false): ConnectedSocket {
  return {
    reported: false,
    dirty: false,
    closed,
    openedFact: [id, 20, 1, '127.0.0.1', '127.0.0.1', 50_000, 0],
    progressFact: [id, 1, packProgress(NO_PROGRESS)],
    closedFact: [id, 2, 'peer', 'fin', null, null, false],
  } as Partial<ConnectedSocket> as ConnectedSocket
}

function outbox() {
  const batches: { message: FactsMessage; sent: () => void }[] = []
  const box = new Outbox((message, sent) => void batches.push({ message, sent }))
  return { box, batches }
}

test('what is marked while a batch is leaving waits for it, and is then one fact for a connection', async () => {
  const { box, batches } = outbox()
  const [a, b] = [connection(1), connection(2)]
  box.mark(a)
  await turn()
  expect(batches[0]?.message.opened).toHaveLength(1)
  box.mark(a)
  box.mark(a)
  box.mark(b)
  const emptied = box.emptied()
  expect(batches).toHaveLength(1)
  batches[0]?.sent()
  await expect.poll(() => batches.length).toBe(2)
  expect(batches[1]?.message.progress.map(([id]) => id)).toEqual([1, 2])
  expect(batches[1]?.message.opened.map(([id]) => id)).toEqual([2])
  batches[1]?.sent()
  await emptied
})

test('a connection that opened and closed since the last batch is reported completely', async () => {
  const { box, batches } = outbox()
  box.mark(connection(1, true))
  await turn()
  const { opened, progress, closed } = batches[0]?.message ?? {}
  expect([opened, progress, closed].map((facts) => facts?.length)).toEqual([1, 1, 1])
})

test('the outbox is behind while UNREPORTED_MAX connections are unreported', async () => {
  const { box, batches } = outbox()
  for (let id = 1; id < UNREPORTED_MAX; id++) box.mark(connection(id))
  expect(box.behind).toBe(false)
  await turn()
  // The batch is not sent yet: if this process died now, its ids would be lost.
  box.mark(connection(UNREPORTED_MAX))
  expect(box.behind).toBe(true)
  batches[0]?.sent()
  expect(box.behind).toBe(false)
})
