import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Sampling, type SamplingEvents } from '../../../server/kernel/sampling.ts'

const OPTIONS = { local: { address: '::', port: 9 }, backlog: 511 }
/** NETLINK_SOCK_DIAG (linux/netlink.h). */
const SOCK_DIAG = '4'

/** How many sock_diag sockets this process holds. */
function sockDiagSockets(): number {
  const rows = readFileSync('/proc/self/net/netlink', 'utf8').trim().split('\n').slice(1)
  const inodes = rows.map((row) => row.trim().split(/\s+/)).filter(([, protocol]) => protocol === SOCK_DIAG)
  const all = new Set(inodes.map((row) => `socket:[${row.at(-1)}]`))
  return readdirSync('/proc/self/fd').filter((fd) => all.has(linkOf(fd))).length
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // The descriptor of the directory itself.
    return ''
  }
}

function start(): { sampling: Sampling; sampled: Promise<unknown> } {
  const { promise, resolve, reject } = Promise.withResolvers<Parameters<SamplingEvents['sampled']>[0]>()
  const events = { sampled: resolve, failed: (reason: string) => reject(new Error(reason)) }
  return { sampling: new Sampling(OPTIONS, events), sampled: promise }
}

describe.skipIf(process.platform !== 'linux')('the sampling thread', () => {
  test('closes its netlink socket when it is stopped', async () => {
    const before = sockDiagSockets()
    const { sampling, sampled } = start()
    await sampled
    expect(sockDiagSockets()).toBe(before + 1)
    void sampling.fresh()
    await sampling.stop()
    expect(sockDiagSockets()).toBe(before)
  })

  test('may get messages of Node itself, which posts them from threads under --watch', async () => {
    process.env['WATCH_REPORT_DEPENDENCIES'] = '1'
    onTestFinished(() => void delete process.env['WATCH_REPORT_DEPENDENCIES'])
    const { sampling, sampled } = start()
    expect(await sampled).toHaveProperty('at')
    await sampling.stop()
  })

  test('looks again shortly after an action, sooner than the next regular sample', async () => {
    const times: number[] = []
    const events = { sampled: () => void times.push(performance.now()), failed: () => {} }
    const sampling = new Sampling(OPTIONS, events)
    onTestFinished(() => sampling.stop())
    await expect
      .poll(
        () => {
          sampling.soon()
          // Regular samples are at least 250 ms apart.
          return times.some((at, i) => i > 0 && at - (times[i - 1] ?? 0) < 250)
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true)
  })

  test('ends by itself when it is stopped before it has started', async () => {
    const before = sockDiagSockets()
    await start().sampling.stop()
    expect(sockDiagSockets()).toBe(before)
  })
})
