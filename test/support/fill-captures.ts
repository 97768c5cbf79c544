import { Captures } from '../../server/listener/capture.ts'

// Run as a process: captures short chunks of connections that come and go, long after the limit has been reached, and prints
// its resident memory in MiB.

const MIB = 1024 * 1024
const LIMIT = 50 * MIB
const LIVE = 1_000
const CHUNKS = 14
const CHUNK = Buffer.alloc(16, 'x')

const captures = new Captures(64 * 1024, LIMIT)
let id = 0
const begin = () => ({ capture: captures.begin(++id, { in: 0, out: 0 }), chunks: 0 })
const live = Array.from({ length: LIVE }, begin)
for (let turn = 0; turn < 1_000; turn++) {
  live.forEach((connection, i) => {
    const n = (connection.chunks += 2)
    captures.keep(connection.capture, n - 1, Date.now(), 'in', CHUNK)
    captures.keep(connection.capture, n, Date.now(), 'out', CHUNK)
    if (n < 2 * CHUNKS) return
    captures.end(connection.capture)
    live[i] = begin()
  })
  // As between batches of events, so that the collector gets its turns.
  await new Promise((resolve) => setImmediate(resolve))
}
process.stdout.write(String(process.memoryUsage.rss() / MIB))
