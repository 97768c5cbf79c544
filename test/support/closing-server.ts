import { createServer, type Socket } from 'node:net'

// Accepts connections, and resets them at the rate that its parent asks for. Sends its port, and
// later that it is done.

interface Order {
  close: number
  aSecond: number
}

/** Real closes come in bursts too. */
const BURST_MS = 25

let sockets: Socket[] = []
let ordered = false
const server = createServer((socket) => {
  sockets.push(socket)
  socket.on('error', () => {})
  // A client that has left is no longer there to be reset.
  socket.on('close', () => {
    if (!ordered) sockets = sockets.filter((other) => other !== socket)
  })
})
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : 0)
})
process.on('disconnect', () => process.exit())
process.on('message', ({ close, aSecond }: Order) => {
  let closed = 0
  const timer = setInterval(() => {
    // The clients may be connected before they are accepted.
    if (sockets.length < close) return
    ordered = true
    const burst = sockets.slice(closed, Math.min(close, closed + (aSecond * BURST_MS) / 1000))
    for (const socket of burst) socket.resetAndDestroy()
    closed += burst.length
    if (closed < close) return
    clearInterval(timer)
    process.send?.('done')
  }, BURST_MS)
})
