import { ClientProcess } from '../client-process.ts'
import { openReader, type Reader } from '../reader.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { ratio, rounds } from '../rounds.ts'
import { startBare, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { figures, keepFull, ROUNDS, WARM_UPS } from './throughput.ts'

const BUDGET = 0.95

export const followed: Row = {
  name: 'followed',
  what: 'echo throughput, 64 KiB writes, one reader that follows the bytes of one connection / bare',
  budget: `>= ${BUDGET}`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const client = stack.use(new ClientProcess())
  const bare = stack.use(await startBare('data'))
  const oneport = stack.use(await startOneport())
  const uncaptured = stack.use(await startOneport(['--capture-bytes', '0']))
  const reader = stack.use(await openFollower(oneport.url))
  stack.use(await openReader(uncaptured.url))
  const load = keepFull(client)
  await rounds({ bare, oneport, uncaptured }, WARM_UPS, load)
  const of = await rounds({ bare, oneport, uncaptured }, ROUNDS, load)
  const { frames, bytes } = reader.told
  return {
    measured: rounded(ratio(of.oneport, of.bare)),
    pass: ratio(of.oneport, of.bare) >= BUDGET,
    details: [
      `bare: ${figures(of.bare)}; oneport: ${figures(of.oneport)}`,
      `with --capture-bytes 0 and a reader: ${rounded(ratio(of.uncaptured, of.bare))}; ${figures(of.uncaptured)}`,
      `the reader got ${frames} frames with ${rounded(bytes / 1024 / 1024, 0)} MiB of the followed connections' bytes`,
    ],
  }
}

/** Always follows the newest connection, because each round opens new ones. */
async function openFollower(url: string): Promise<Reader & { told: { frames: number; bytes: number } }> {
  const told = { frames: 0, bytes: 0 }
  const reader = await openReader(url, (frame) => {
    if (frame.type === 'payload') {
      told.frames++
      for (const { data } of frame.chunks) told.bytes += (data.length * 3) / 4
    }
    if (frame.type !== 'changes') return
    const newest = frame.changes.findLast((change) => change.kind === 'accept')
    if (newest !== undefined) reader.follow(newest.connection.id)
  })
  return { ...reader, told }
}
