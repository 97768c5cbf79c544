import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Closes } from '../../../server/kernel/closes.ts'

const COUNT = 4_000
const A_SECOND = 10_000

test.skipIf(process.platform !== 'linux')('of 10,000 closes a second none is missed', async () => {
  const server = fork(join(import.meta.dirname, '../../support/closing-server.ts'))
  onTestFinished(() => void server.kill('SIGKILL'))
  const [port] = (await once(server, 'message')) as [number]
  let heard = 0
  let missed = 0
  let enough = (): void => {}
  const closes = new Closes(port, {
    heard(finals) {
      heard += finals.length
      if (heard >= COUNT) enough()
    },
    missed() {
      missed++
      enough()
    },
    failed: (reason) => expect.unreachable(reason),
  })
  onTestFinished(() => closes.stop())

  // The thread joins the kernel's groups some time after its start.
  await expect
    .poll(async () => {
      const probe = connect({ host: '127.0.0.1', port })
      await once(probe, 'connect')
      probe.destroy()
      await sleep(100)
      return heard
    })
    .toBeGreaterThan(0)
  await sleep(500)
  heard = 0

  const sockets: Socket[] = []
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  for (let some = 0; some < COUNT; some += 200) {
    const opened = Array.from({ length: 200 }, () => connect({ host: '127.0.0.1', port }))
    for (const socket of opened) socket.on('error', () => {})
    sockets.push(...opened)
    await Promise.all(opened.map((socket) => once(socket, 'connect')))
  }
  const all = new Promise<void>((resolve) => (enough = resolve))
  server.send({ close: COUNT, aSecond: A_SECOND })
  await once(server, 'message')
  await all
  expect({ heard, missed }).toEqual({ heard: COUNT, missed: 0 })
})
