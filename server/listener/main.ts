import { setImmediate as turn } from 'node:timers/promises'
import { clock } from '../clock.ts'
import { Acceptor } from './acceptor.ts'
import { answer } from './answers.ts'
import type { AskMessage } from './asks.ts'
import { behaviorOf } from './behavior-of.ts'
import type { Behaves } from './behaviors.ts'
import { loadClientFin } from './client-fin.ts'
import type { ListenerContext } from './connected-socket.ts'
import type { FromListener, ListenerOptions, ToListener } from './messages.ts'
import { giveBackAtRest } from './give-back.ts'
import { GREETINGS } from './greeting.ts'
import { beat } from './heartbeat.ts'
import { Ids } from './ids.ts'
import { inSlices } from './in-slices.ts'
import { Outbox } from './outbox.ts'
import { Payloads } from './payloads.ts'
import { PendingWrites } from './pending-writes.ts'
import { ResetPoller } from './reset-poller.ts'

// The listener process. It alone holds client sockets, and it talks to the control process over IPC.

let listener: { context: ListenerContext; acceptor: Acceptor } | null = null
// Orders run one after another: a resume must not overtake a pause that is still loading libc.
let orders = Promise.resolve()

process.on('message', (message: ToListener) => {
  // Requests do not wait for orders, and a failed order does not affect them.
  if (message.type === 'ask') void reply(message)
  // At once: a request may have come with it, and would else find no listener.
  else if (message.type === 'start') {
    clock.origin = message.clock
    listener = start(message.options, message.idsFd)
  } else orders = orders.then(() => obey(message))
})
// Without the control process nobody could see or stop this process.
process.on('disconnect', () => process.exit(0))
// Ctrl-C in a terminal reaches the whole process group. Only the control process reacts.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

async function reply({ request, ask }: AskMessage): Promise<void> {
  if (listener !== null) send({ type: 'answer', request, answer: await answer(listener.context, ask) })
}

async function obey(message: Exclude<ToListener, AskMessage | { type: 'start' }>): Promise<void> {
  switch (message.type) {
    case 'pause':
      await pause(listener)
      break
    case 'resume':
      listener?.acceptor.start()
      // Node emits `listening` in the next tick. A pause before that would close the server too early.
      await turn()
      break
    case 'greeting':
      if (listener !== null) listener.context.greeting = GREETINGS[message.language]
      send(message)
      break
    case 'behavior':
      if (listener !== null) await behave(listener.context, behaviorOf(message))
      send(message)
      break
    case 'stop':
      await shutDown(listener, message.graceMs)
      break
  }
}

function start(options: ListenerOptions, idsFd: number | null): { context: ListenerContext; acceptor: Acceptor } {
  const context: ListenerContext = {
    behavior: behaviorOf(options),
    greeting: options.greeting === null ? null : GREETINGS[options.greeting],
    idleTimeoutMs: options.idleTimeoutMs,
    localPort: options.port,
    outbox: new Outbox(send),
    payloads: options.captureBytes > 0 ? new Payloads(options.captureBytes) : null,
    live: new Map(),
    resetPoller: new ResetPoller(),
    pendingWrites: new PendingWrites(),
  }
  const acceptor = new Acceptor(options, new Ids(options.firstId, idsFd), context, send)
  beat(send, () => context.payloads?.takeDropped() ?? 0)
  giveBackAtRest(() => context.outbox.reports)
  if (options.paused && options.fd !== null) send({ type: 'paused', fd: options.fd })
  else acceptor.start()
  return { context, acceptor }
}

/** Newcomers get the new behavior at once. */
async function behave(context: ListenerContext, behavior: Behaves): Promise<void> {
  context.behavior = behavior
  await inSlices([...context.live.values()], (connection) => connection.followPort())
}

async function pause(listener: { acceptor: Acceptor } | null): Promise<void> {
  // Loaded here because most listener processes never need libc.
  const { loadLibc } = await import('../libc.ts')
  const libc = await loadLibc()
  if (libc !== null) listener?.acceptor.pause((fd) => libc.dup(fd))
}

/** Stops accepting, sends FIN to every client, resets those still open after `graceMs`, reports the last facts, then exits. */
async function shutDown(
  listener: { context: ListenerContext; acceptor: Acceptor } | null,
  graceMs: number,
): Promise<void> {
  if (listener === null) process.exit(0)
  const { context, acceptor } = listener
  acceptor.stop()
  // server.close's callback comes before the last sockets' own `close` events, so their facts would be lost.
  const allClosed = Promise.all(
    [...context.live.values()].map(
      ({ socket }) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    ),
  )
  for (const connection of context.live.values()) {
    connection.pauseReading(false)
    connection.halfClose('server')
  }
  const timer = setTimeout(() => {
    void loadClientFin().then(() => {
      for (const connection of context.live.values()) connection.reset()
    })
  }, graceMs)
  await allClosed
  clearTimeout(timer)
  await context.outbox.emptied()
  process.exit(0)
}

function send(message: FromListener, sent?: () => void): void {
  // The callback also runs with an error when the control process has exited; `disconnect` then ends this process.
  process.send?.(message, undefined, undefined, () => sent?.())
}
