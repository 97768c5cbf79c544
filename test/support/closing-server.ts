import { createServer, type Socket } from 'node:net'

// Accepts connections, and resets them at the rate that its parent asks for. Sends its port, and
// later that it is done.

interface Order {
  close: number
  aSecond: number
}

const sockets: Socket[] = []
const server = createServer((socket) => void sockets.push(socket.on('error', () => {})))
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : 0)
})
process.on('disconnect', () => process.exit())
process.on('message', ({ close, aSecond }: Order) => {
  const started = performance.now()
  let closed = 0
  const timer = setInterval(() => {
    const due = Math.min(close, ((performance.now() - started) / 1000) * aSecond)
    for (; closed < due; closed++) sockets[closed]?.resetAndDestroy()
    if (closed < close) return
    clearInterval(timer)
    process.send?.('done')
  }, 1)
})
