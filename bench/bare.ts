import { createServer, type Socket } from 'node:net'

// What oneport is measured against: the least that an echo server on node:net can be. `data` and `pipe` are the two ways to
// write it; the rows use whichever is faster here.

const echo: Record<string, (socket: Socket) => void> = {
  data: (socket) => socket.on('data', (chunk) => socket.write(chunk)),
  pipe: (socket) => socket.pipe(socket),
}
const answer = echo[process.argv[2] ?? '']
if (answer === undefined) throw new Error('say data or pipe')

const server = createServer((socket) => {
  socket.on('error', () => {})
  answer(socket)
})
server.listen(0, () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.({ port: address?.port })
})
process.on('disconnect', () => process.exit(0))
