import { createServer } from 'node:net'

// The baseline: the smallest echo server on node:net. `data` and `pipe` are two ways to write it, and the rows
// compare with the faster one. JavaScript, because the TypeScript compiler would stay in memory, and its free blocks
// would hide what connections need.

const echo = {
  data: (socket) => socket.on('data', (chunk) => socket.write(chunk)),
  pipe: (socket) => socket.pipe(socket),
}
const answer = echo[process.argv[2] ?? '']
if (answer === undefined) throw new Error('say data or pipe')

const server = createServer((socket) => {
  socket.on('error', () => {})
  answer(socket)
})
server.listen(0, () => process.send?.({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
