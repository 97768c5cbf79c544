/**
 * A client that vanishes while nothing is sent, in a network namespace with 192.168.0.1 and .100. Removing the client's
 * address leaves the probes unanswered, as a pulled cable does. Prints what the record said of the timer meanwhile, and how
 * the connection closed.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { startApp } from '../../server/app.ts'
import type { Connection } from '../../shared/connection.ts'
import type { KernelTimer } from '../../shared/kernel.ts'
import { configFrom } from '../support/config.ts'

const SOME = 3

const options = ['--port=8080', '--ui-port=0', '--host=192.168.0.1', '--no-greeting', '--keepalive=1']
const app = await startApp(configFrom(options, {}), pino({ level: 'silent' }))
const events = await fetch(`http://127.0.0.1:${app.uiPort}/api/events`)
const client = connect({ host: '192.168.0.1', port: 8080, localAddress: '192.168.0.100' })
await once(client, 'connect')
let timer: KernelTimer | null = null
for await (const line of createInterface({ input: Readable.from(events.body ?? []) })) {
  // Sent after 15 s without a change.
  if (line === '') continue
  const change = JSON.parse(line) as { kind: string; close?: object }
  if (change.kind === 'accept') {
    execFileSync('ip', ['addr', 'del', '192.168.0.100/32', 'dev', 'lo'])
    void observe()
  }
  // The listener process ends with this one.
  if (change.kind === 'close')
    process.stdout.write(JSON.stringify({ timer, close: change.close }), () => process.exit())
}

/** Keeps the timer as the record has it after some probes. */
async function observe(): Promise<void> {
  while (timer === null || timer.unanswered < SOME) {
    const { kernel } = (await (await fetch(`http://127.0.0.1:${app.uiPort}/api/connections/1`)).json()) as Connection
    timer = kernel?.timer ?? null
    await sleep(100)
  }
}
