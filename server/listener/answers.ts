import { setImmediate as turn } from 'node:timers/promises'
import type { CloseAction } from '../../shared/action.ts'
import type { ActionRefusal } from '../../shared/vocabulary.ts'
import type { Answers, Ask, AskResult, ConnectionIds } from './asks.ts'
import { behaviorOf } from './behavior-of.ts'
import type { ConnectedSocket, ListenerContext } from './connected-socket.ts'
import { loadClientFin } from './client-fin.ts'
import { inSlices } from './in-slices.ts'
import { searchStreams, type StreamChunk } from './search.ts'

/** Limit of unsent bytes per connection, for a peer that does not read. */
const SEND_QUEUE_MAX = 1024 * 1024

/** Carries out the control process's requests. Never throws: a missing or closing connection is a result with a code. */
export async function answer(context: ListenerContext, ask: Ask): Promise<Answers[Ask['what']]> {
  switch (ask.what) {
    case 'send': {
      const data = Buffer.from(ask.data, 'base64')
      return forEach(context, ask.ids, (connection) => send(connection, data))
    }
    case 'close': {
      if (ask.how === 'reset') await loadClientFin()
      const outcomes = await forEach(context, ask.ids, (connection) => close(connection, ask.how))
      // libuv calls shutdown(2) in the next loop iteration and close(2) in the one after. The control process samples
      // the kernel right after this answer.
      await turn()
      await turn()
      return outcomes
    }
    case 'reading':
      return outcome(context, ask.id, (connection) => {
        connection.pauseReading(ask.paused)
        return null
      })
    case 'behavior':
      return outcome(context, ask.id, (connection) => {
        connection.behave(ask.setting && behaviorOf(ask.setting))
        return null
      })
    case 'payload':
      return payload(context, ask.id, ask.after, ask.maxBytes)
    case 'search':
      return searchStreams(streams(context), ask.texts)
  }
}

/** @returns the reason for a refusal; null when the action was carried out */
type Act = (connection: ConnectedSocket) => ActionRefusal | null

async function forEach(context: ListenerContext, ids: ConnectionIds, act: Act): Promise<AskResult[]> {
  const outcomes: AskResult[] = []
  await inSlices(ids === 'all' ? [...context.live.keys()] : new Set(ids), (id) => {
    outcomes.push(outcome(context, id, act))
  })
  return outcomes
}

function outcome({ live }: ListenerContext, id: number, act: Act): AskResult {
  const connection = live.get(id)
  // A socket that failed stays in `live` until its `close` event, and accepts no action.
  if (connection === undefined || connection.socket.destroyed) return [id, 0, 'CONNECTION_CLOSED']
  const code = act(connection)
  connection.measure()
  return [id, connection.waiting, code]
}

function send(connection: ConnectedSocket, data: Buffer): ActionRefusal | null {
  if (connection.finishing) return 'FIN_SENT'
  connection.measure()
  if (connection.waiting + data.length > SEND_QUEUE_MAX) return 'SEND_QUEUE_FULL'
  if (data.length > 0) connection.write(data)
  return null
}

function close(connection: ConnectedSocket, how: CloseAction): ActionRefusal | null {
  if (how === 'reset') connection.reset()
  else if (how === 'fin') connection.close('server')
  else if (connection.finishing) return 'FIN_SENT'
  else connection.halfClose('server')
  return null
}

function payload({ payloads, live }: ListenerContext, id: number, after: number, maxBytes: number): Answers['payload'] {
  const connection = live.get(id)
  return connection === undefined
    ? (payloads?.read(id, null, after, maxBytes) ?? null)
    : connection.payload(after, maxBytes)
}

function* streams({ payloads, live }: ListenerContext): Generator<StreamChunk> {
  if (payloads === null) return
  for (const { id, pendingGreeting } of live.values()) {
    if (pendingGreeting !== null) yield { id, direction: 'out', offset: 0, bytes: pendingGreeting }
  }
  yield* payloads.streams()
}
