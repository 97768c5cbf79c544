/**
 * A client of the textbook example. Connects from one fixed endpoint to another, sends a line every few seconds, and
 * reconnects after each failure or close.
 *
 *   node scripts/example-client.ts 192.168.0.100:50000 192.168.0.1:8080
 */
import { connect, isIP } from 'node:net'

const HELLO_MS = 3_000
/** After this side has closed, the 4-tuple is in TIME_WAIT for a minute. Until then each attempt fails at once. */
const RETRY_MS = 1_000

const [from = '', to = ''] = process.argv.slice(2)
const [localAddress, localPort] = from.split(':')
const [host, port] = to.split(':')

if (process.argv.length !== 4 || !isIP(localAddress ?? '') || !isIP(host ?? '') || !localPort || !port) {
  console.error('usage: node scripts/example-client.ts FROM_IP:PORT TO_IP:PORT')
  process.exit(2)
}

let stopping = false
let stop = (): void => process.exit(0)
// As the first process of a container, this one gets no default action for these signals, so it has to handle them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop())

dial()

function dial(): void {
  const socket = connect({ host, port: Number(port), localAddress, localPort: Number(localPort) })
  let hello: NodeJS.Timeout | undefined
  stop = () => {
    stopping = true
    socket.end()
    if (socket.connecting) socket.destroy()
  }
  socket.on('connect', () => {
    hello = setInterval(() => socket.write(`hello from ${from}\n`), HELLO_MS)
  })
  socket.setEncoding('utf8')
  socket.once('data', (greeting: string) => console.log(greeting.trim()))
  socket.on('data', () => {})
  socket.on('error', ({ message }) => console.log(message))
  socket.on('close', () => {
    clearInterval(hello)
    if (stopping) process.exit(0)
    stop = () => process.exit(0)
    setTimeout(dial, RETRY_MS)
  })
}
