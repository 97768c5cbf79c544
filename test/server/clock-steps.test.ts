import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../shared/connection.ts'
import type { CounterSample, HelloFrame, KernelState, Listener } from '../../shared/stream.ts'
import { getJson } from '../support/app.ts'
import { type Client, connectClient } from '../support/clients.ts'
import { openFeed } from '../support/feed.ts'
import { preloading } from '../support/preload.ts'
import { startProcess } from '../support/server-process.ts'

const HOUR = 3_600_000
/** The whole test takes less. */
const RECENT = 120_000

/** The server's clock, which the test can set. */
function settableClock() {
  const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'clock')
  let ahead = 0
  const set = (ms: number): void => writeFileSync(file, String((ahead = ms)))
  set(0)
  return { set, now: () => Date.now() + ahead, env: { ...preloading('settable-clock.ts'), CLOCK_FILE: file } }
}

test('when the server’s clock is set, with traffic going on, ages stay right and all times are those of the new clock', async () => {
  const clock = settableClock()
  const server = startProcess({ args: ['--port=0', '--ui-port=0'], env: clock.env })
  const ready = await server.ready()
  const feed = await openFeed(ready.uiPort)
  const isRecent = (at: number | null | undefined): boolean => Math.abs(clock.now() - (at ?? 0)) < RECENT
  const get = async <T>(path: string): Promise<T> => (await getJson<T>(ready, path)).body
  const open = async (): Promise<{ client: Client; id: number }> => {
    const client = (await connectClient(ready.port, { allowHalfOpen: false })).read()
    const { id } = await feed.connection('is shown', ({ remote }) => remote.port === client.local.port)
    return { client, id }
  }
  const record = (id: number): Promise<Connection> => get(`/api/connections/${id}`)
  const kept = await open()
  const half = await open()
  await post(ready.url, `/api/connections/${half.id}/close`, { how: 'half' })
  const traffic = setInterval(() => void kept.client.socket.write('x'), 20)
  onTestFinished(() => clearInterval(traffic))

  for (const [round, ahead] of [HOUR, 0, -HOUR].entries()) {
    const before = await open()
    clock.set(ahead)
    // This connection closes before the server learns of the step.
    before.client.socket.end()
    await feed.until('it starts over', ({ table }) => table.resyncs === round + 1 && table.synced)
    const after = await open()
    const chunk = feed.connection('has traffic', ({ id, lastActivityAt }) => id === kept.id && isRecent(lastActivityAt))

    const hello = feed.frames.findLast((frame) => frame.type === 'hello') as HelloFrame
    expect(isRecent(hello.now)).toBe(true)
    const times = [...feed.all(), ...(await Promise.all([kept.id, half.id, before.id, after.id].map(record)))].flatMap(
      ({ openedAt, lastActivityAt, finSentAt, close, actions, kernel, otherEnd }) => [
        openedAt,
        lastActivityAt,
        ...(finSentAt === null ? [] : [finSentAt]),
        ...(close === null ? [] : [close.at]),
        ...(kernel === null ? [] : [kernel.sampledAt]),
        ...(otherEnd === null ? [] : [otherEnd.sampledAt]),
        ...actions.map(({ at }) => at),
      ],
    )
    expect(times.filter((at) => !isRecent(at))).toEqual([])
    expect((await chunk).openedAt).toBeLessThanOrEqual((await chunk).lastActivityAt)
    expect((hello.history as CounterSample[]).every(({ at }) => isRecent(at))).toBe(true)
    expect(isRecent((await get<Listener>('/api/listener')).since)).toBe(true)
    expect((await get<Connection>(`/api/connections/${half.id}`)).finSentAt).not.toBe(null)

    const asked = performance.now()
    const kernel = await get<KernelState & { sockets: Connection['kernel'][] }>('/api/kernel')
    expect(performance.now() - asked).toBeLessThan(10_000)
    if (process.platform !== 'linux') continue
    expect(isRecent(kernel.sampledAt)).toBe(true)
    await expect.poll(async () => (await record(after.id)).kernel?.tcpState).toBe('ESTABLISHED')
    await expect.poll(async () => (await get<KernelState>('/api/kernel')).agreement.onlyServer).toBe(0)
  }

  const text = await (await fetch(`${ready.url}/metrics`)).text()
  const sum = Number(/^oneport_connection_duration_seconds_sum (\S+)$/m.exec(text)?.[1])
  expect(sum).toBeGreaterThanOrEqual(0)
  expect(sum).toBeLessThan(RECENT / 1000)
  const events = await fetch(`${ready.url}/api/connections/${kept.id}/events`)
  expect(events.status).toBe(200)
  expect(server.log.filter(({ msg }) => String(msg).includes('clock was set'))).toHaveLength(3)
  feed.close()
})

/** The sampler's shortest regular interval is 250 ms; a busy machine may begin one sample late and the next one in time. */
const SAMPLES_A_SECOND = 5

test.skipIf(process.platform !== 'linux')(
  'when the server’s clock is set, requests for the kernel’s table that are under way are answered, and it is sampled as often as before',
  async () => {
    const clock = settableClock()
    const server = startProcess({ args: ['--port=0', '--ui-port=0'], env: clock.env })
    const ready = await server.ready()
    const feed = await openFeed(ready.uiPort)
    const sampledAt = (): number[] =>
      feed.frames.flatMap((one) => (one.type === 'kernel' ? (one.kernel.sampledAt ?? []) : []))
    for (const [round, ahead] of [HOUR, 0].entries()) {
      // Always some under way, so that the step falls into their wait.
      let stepped = false
      const slowest = Array.from({ length: 4 }, async () => {
        let longest = 0
        while (!stepped) {
          const asked = performance.now()
          expect((await getJson<KernelState>(ready, '/api/kernel')).body.available).toBe(true)
          longest = Math.max(longest, performance.now() - asked)
        }
        return longest
      })
      clock.set(ahead)
      await feed.until('it starts over', ({ table }) => table.resyncs === round + 1 && table.synced)
      stepped = true
      // After this long a sampling thread that does not answer is replaced.
      expect(Math.max(...(await Promise.all(slowest)))).toBeLessThan(10_000)

      const before = sampledAt().length
      const since = (): number[] => sampledAt().slice(before)
      await feed.until('a second has been sampled', () => (since().at(-1) ?? 0) - (since()[0] ?? 0) >= 1_000)
      const [first = 0] = since()
      expect(since().filter((at) => at < first + 1_000).length).toBeLessThanOrEqual(SAMPLES_A_SECOND)
    }
    feed.close()
  },
)

async function post(url: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(status).toBe(200)
}
