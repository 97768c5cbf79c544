/**
 * A DNS server that never answers, in a namespace where the resolver asks it for 127.0.0.2. Three dashboards come from that
 * address, and then metrics and health are asked for. Prints how often DNS was asked meanwhile, how long the answers took, and the
 * longest turn of the event loop.
 */
import { execFile, execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import WebSocket from 'ws'
import { startApp } from '../../server/app.ts'
import { SUBPROTOCOL } from '../../shared/stream.ts'
import { configFrom } from '../support/config.ts'

const READERS = 3
const PATHS = ['/metrics', '/api/listener', '/healthz']

// Else the whole machine would ask this server from now on.
const [own, parents] = ['self', process.ppid].map((pid) => readlinkSync(`/proc/${pid}/ns/mnt`))
if (own === parents) throw new Error('run it in a mount namespace of its own, as test/support/namespace.ts does')

const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
const file = join(folder, 'resolv.conf')
writeFileSync(file, 'nameserver 127.0.0.1\n')
execFileSync('mount', ['--bind', file, '/etc/resolv.conf'])
// The mount keeps the file.
rmSync(folder, { recursive: true })
let asked = 0
const dns = createSocket('udp4').on('message', () => asked++)
dns.bind(53, '127.0.0.1')
await once(dns, 'listening')

const app = await startApp(configFrom(['--port=0', '--ui-port=0'], {}), pino({ level: 'silent' }))
for (let i = 0; i < READERS; i++) {
  const url = `ws://127.0.0.1:${app.uiPort}/ws`
  await once(new WebSocket(url, SUBPROTOCOL, { localAddress: '127.0.0.2' }), 'message')
}
const delay = monitorEventLoopDelay()
delay.enable()
const began = performance.now()
const statuses = await Promise.all(
  PATHS.map(async (path) => {
    const answer = await fetch(`http://127.0.0.1:${app.uiPort}${path}`)
    await answer.text()
    return answer.status
  }),
)
const tookMs = performance.now() - began
delay.disable()
const result = { asked, statuses, tookMs, longestTurnMs: delay.max / 1e6 }

// Else nothing was tried: the resolver does ask this server, and waits.
const lookup = execFile('getent', ['hosts', '127.0.0.2'])
if (asked === 0) await once(dns, 'message')
lookup.kill('SIGKILL')
process.stdout.write(JSON.stringify(result), () => process.exit())
