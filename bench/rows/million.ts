import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KernelState, Listener } from '../../shared/stream.ts'
import { counted, get, post } from '../api.ts'
import { ClientProcess } from '../client-process.ts'
import type { Endings } from '../load/endings.ts'
import { residentBytes } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { type Oneport, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'

const COUNT = 1_000_000
const BUDGET_MIB = 300
/** Few enough for the time limit of a command. */
const AT_ONCE = 10_000
const IN_FLIGHT = 64
/** After these connections the listener process is killed, with some clients connected. */
const KILLS = [300_000, 700_000]
const HELD = 200
/** From how many of these the server stops reading, and how many of those it then closes with their bytes unread. */
const STOPPED = 20
const CLOSED_UNREAD = 10
const SETTLE_MS = 10_000
const MIB = 1024 * 1024

export const million: Row = {
  name: 'million',
  what: `${thousands(COUNT)} connections that end with FIN, RST, half-closed, unread, or with the listener process; resident memory of all processes afterwards, with a reader of /ws`,
  budget: `<= ${BUDGET_MIB} MiB; nothing lost`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const server = stack.use(await startOneport())
  const client = stack.use(new ClientProcess())
  stack.use(await openReader(server.url))
  const before = { fds: await each(server, descriptors), bytes: await each(server, residentBytes) }

  const ended: Endings = { fin: 0, reset: 0, halfClosed: 0, unread: 0 }
  let made = 0
  let killed = 0
  const started = performance.now()
  for (let count = 0; count < COUNT; count += AT_ONCE) {
    const some = await client.run('endings', { port: server.port, count: AT_ONCE, inFlight: IN_FLIGHT })
    for (const how of Object.keys(ended) as (keyof Endings)[]) ended[how] += some[how]
    made += AT_ONCE
    if (KILLS.includes(count + AT_ONCE)) {
      const held = await killWithClients(server, client, made)
      made += held
      killed += held - CLOSED_UNREAD
    }
  }
  const seconds = (performance.now() - started) / 1000
  const faults = await faultsOf(server, made, before.fds)
  const after = await each(server, residentBytes)
  const total = (after.control + after.listener) / MIB
  return {
    measured: `${rounded(total, 0)} MiB (control ${mib(after.control)}, listener ${mib(after.listener)}); ${faults.length === 0 ? 'nothing lost' : faults.join('; ')}`,
    pass: total <= BUDGET_MIB && faults.length === 0,
    details: [
      `${thousands(made)} connections in ${rounded(seconds, 0)} s: ${thousands(ended.fin)} FIN, ${thousands(ended.reset)} RST, ${thousands(ended.halfClosed)} half-closed, ${thousands(ended.unread)} closed by the client with unread bytes, ${2 * CLOSED_UNREAD} closed by the server with unread bytes, ${killed} ended by two kills of the listener process`,
      `before: control ${mib(before.bytes.control)}, listener ${mib(before.bytes.listener)} MiB; descriptors ${before.fds.control} and ${before.fds.listener}`,
    ],
  }
}

/** Kills the listener process while it holds clients. @returns how many connections were made for this */
async function killWithClients(server: Oneport, client: ClientProcess, made: number): Promise<number> {
  await client.run('hold', { port: server.port, count: HELD })
  // The control process hears of an accept or a close later than the client: the list may still have others, and lack some of these.
  await counted(server, ({ accepted, live }) => accepted === made + HELD && live === HELD)
  const { items } = await get<{ items: { id: number }[] }>(server, `/api/connections?limit=${HELD}`)
  const ids = items.slice(0, STOPPED).map(({ id }) => id)
  for (const id of ids) await post(server, `/api/connections/${id}/reading`, { paused: true })
  // The first change is an accept. No further one is, and none is a close.
  await client.run('change', { port: server.port, perSecond: 2_000, ms: 500, churn: COUNT })
  const newcomers = (await client.run('arrivals', {})).length
  await post(server, '/api/connections/close', { ids: ids.slice(0, CLOSED_UNREAD), how: 'fin' })
  // A killed process loses what it has not reported, so all must be reported before.
  await counted(
    server,
    ({ accepted, live }) => accepted === made + HELD + newcomers && live === HELD + newcomers - CLOSED_UNREAD,
  )
  process.kill((await get<Listener>(server, '/api/listener')).pid ?? 0, 'SIGKILL')
  await client.run('closeHeld', {})
  return HELD + newcomers
}

async function faultsOf(server: Oneport, made: number, fds: Pair): Promise<string[]> {
  const faults: string[] = []
  const { accepted, closed, live } = await counted(server, (now) => now.accepted === made && now.live === 0)
  if (accepted !== made || closed !== made || live !== 0)
    faults.push(`${made} connections were made, ${accepted} counted, ${closed} closed, ${live} live`)
  await sleep(SETTLE_MS)
  const { agreement } = await get<KernelState>(server, '/api/kernel')
  if (agreement.onlyServer + agreement.onlyKernel > 0)
    faults.push(
      `${agreement.onlyServer} connections without a socket, ${agreement.onlyKernel} sockets without a connection`,
    )
  const now = await each(server, descriptors)
  if (now.control > fds.control || now.listener > fds.listener)
    faults.push(`${now.control} and ${now.listener} descriptors instead of ${fds.control} and ${fds.listener}`)
  return faults
}

/** Both processes' figures. The listener process is another one after a kill. */
interface Pair {
  control: number
  listener: number
}

async function each(server: Oneport, measure: (pid: number) => number): Promise<Pair> {
  const { pid } = await get<Listener>(server, '/api/listener')
  await sleep(SETTLE_MS)
  return { control: measure(server.pids.control), listener: measure(pid ?? 0) }
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function mib(bytes: number): string {
  return rounded(bytes / MIB, 0)
}
