/**
 * A client that vanishes while nothing is sent, in a network namespace with 192.168.0.1 and .100. Removing the client's
 * address leaves the probes unanswered, as a pulled cable does. Prints how the server's record says the connection closed.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { startApp } from '../../server/app.ts'
import { configFrom } from '../support/config.ts'

const options = ['--port=8080', '--ui-port=0', '--host=192.168.0.1', '--no-greeting', '--keepalive=1']
const app = await startApp(configFrom(options, {}), pino({ level: 'silent' }))
const events = await fetch(`http://127.0.0.1:${app.uiPort}/api/events`)
const client = connect({ host: '192.168.0.1', port: 8080, localAddress: '192.168.0.100' })
await once(client, 'connect')
for await (const line of createInterface({ input: Readable.from(events.body ?? []) })) {
  const change = JSON.parse(line) as { kind: string; close?: object }
  if (change.kind === 'accept') execFileSync('ip', ['addr', 'del', '192.168.0.100/32', 'dev', 'lo'])
  // The listener process ends with this one.
  if (change.kind === 'close') process.stdout.write(JSON.stringify(change.close), () => process.exit())
}
