import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

const CHUNK = Buffer.alloc(64 * 1024, 'x')
/** Start of each run that is not counted, because TCP's windows are still growing. */
const WARM_UP_MS = 100

/** Each connection writes as fast as the kernel allows, and counts the bytes that come back. @returns bytes per second */
export async function throughput(of: { port: number; connections: number; ms: number }): Promise<number> {
  let received = 0
  const sockets = Array.from({ length: of.connections }, () => connect(of.port, '127.0.0.1'))
  for (const socket of sockets) {
    await once(socket, 'connect')
    socket.on('data', (chunk) => (received += chunk.length))
    socket.on('drain', () => fill(socket))
    fill(socket)
  }
  await pause(WARM_UP_MS)
  const [start, before] = [performance.now(), received]
  await pause(of.ms)
  const perSecond = ((received - before) / (performance.now() - start)) * 1000
  for (const socket of sockets) socket.destroy()
  return perSecond
}

function fill(socket: Socket): void {
  while (socket.write(CHUNK)) {
    // write() returns false when its buffer is full.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
