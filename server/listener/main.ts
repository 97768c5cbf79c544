import { setImmediate as turn } from 'node:timers/promises'
import { Acceptor } from './acceptor.ts'
import { answer } from './answers.ts'
import type { AskMessage } from './asks.ts'
import { BEHAVIORS } from './behaviors.ts'
import type { ListenerContext } from './connected-socket.ts'
import type { FromListener, ListenerOptions, ToListener } from './facts.ts'
import { GREETINGS } from './greeting.ts'
import { beat } from './heartbeat.ts'
import { Outbox } from './outbox.ts'
import { Payloads } from './payloads.ts'
import { ResetPoller } from './reset-poller.ts'

// The listener process: it alone holds client sockets. It is told what to do and tells what happened over IPC.

let listener: { context: ListenerContext; acceptor: Acceptor } | null = null
// One order after the other: a resume must not overtake the pause that is still loading libc.
let orders = Promise.resolve()

process.on('message', (message: ToListener) => {
  // What is asked does not wait for orders, and never fails because of them.
  if (message.type === 'ask') void reply(message)
  else orders = orders.then(() => obey(message))
})
// Without the control process nobody could see or stop this one.
process.on('disconnect', () => process.exit(0))
// A terminal's Ctrl-C reaches the whole process group; the control process decides what it means.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

async function reply({ request, ask }: AskMessage): Promise<void> {
  if (listener !== null) send({ type: 'answer', request, answer: await answer(listener.context, ask) })
}

async function obey(message: Exclude<ToListener, AskMessage>): Promise<void> {
  switch (message.type) {
    case 'start':
      listener = start(message.options)
      break
    case 'pause':
      await pause(listener)
      break
    case 'resume':
      listener?.acceptor.start()
      // Node tells that it listens in its next tick: a pause that follows at once would close the server before.
      await turn()
      break
    case 'greeting':
      if (listener !== null) listener.context.greeting = GREETINGS[message.language]
      send(message)
      break
    case 'stop':
      await shutDown(listener, message.graceMs)
      break
  }
}

function start(options: ListenerOptions): { context: ListenerContext; acceptor: Acceptor } {
  const context: ListenerContext = {
    behavior: BEHAVIORS[options.behavior],
    greeting: options.greeting === null ? null : GREETINGS[options.greeting],
    idleTimeoutMs: options.idleTimeoutMs,
    localPort: options.port,
    outbox: new Outbox(send),
    payloads: options.captureBytes > 0 ? new Payloads(options.captureBytes) : null,
    live: new Map(),
    resetPoller: new ResetPoller(),
  }
  const acceptor = new Acceptor(options, context, send)
  beat(send, () => context.payloads?.takeDropped() ?? 0)
  if (options.paused && options.fd !== null) send({ type: 'paused', fd: options.fd })
  else acceptor.start()
  return { context, acceptor }
}

async function pause(listener: { acceptor: Acceptor } | null): Promise<void> {
  // Only now: most listeners never need libc.
  const { loadLibc } = await import('../kernel/libc.ts')
  const libc = await loadLibc()
  if (libc !== null) listener?.acceptor.pause((fd) => libc.dup(fd))
}

/** Stop accepting, FIN to everyone, RST to those who have not closed after `graceMs`, tell the last facts, end. */
async function shutDown(
  listener: { context: ListenerContext; acceptor: Acceptor } | null,
  graceMs: number,
): Promise<void> {
  if (listener === null) process.exit(0)
  const { context, acceptor } = listener
  acceptor.stop()
  // Not server.close's callback: it comes before the last sockets' own `close`, and their facts would not be told.
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
    for (const connection of context.live.values()) connection.reset('server')
  }, graceMs)
  await allClosed
  clearTimeout(timer)
  await context.outbox.emptied()
  process.exit(0)
}

function send(message: FromListener, sent?: () => void): void {
  // The callback also comes with an error, when the control process has gone: `disconnect` ends us then.
  process.send?.(message, undefined, undefined, () => sent?.())
}
