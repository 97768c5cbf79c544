import { once } from 'node:events'
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Endpoint } from '../../shared/endpoint.ts'

/** A TCP client of the port: the bytes it received, and how its connection ended. */
export class Client {
  readonly socket: Socket
  readonly local: Endpoint
  /** `fin`, or the errno name with which the connection broke. */
  readonly ended: Promise<string>
  #chunks: Buffer[] = []
  #length = 0
  #arrived: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
    this.ended = new Promise((resolve) => {
      socket.on('end', () => resolve('fin'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      socket.on('close', () => resolve('closed'))
    })
  }

  /** All bytes read so far. Joined only when they are asked for, because joining megabytes with each chunk takes seconds. */
  get received(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  /** Starts reading. Until then the client's receive window fills up. */
  read(): this {
    this.socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#length += chunk.length
      this.#arrived()
    })
    return this
  }

  /** Resolves with all bytes received, once there are at least `count` or the connection has ended. */
  async bytes(count: number): Promise<Buffer> {
    let over = false
    // If the connection has ended already, no event would wake the loop below.
    void this.ended.then(() => {
      over = true
      this.#arrived()
    })
    while (this.#length < count && !over) {
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
    return this.received
  }

  /** The first line, without its end. */
  async line(): Promise<string> {
    for (let count = 1; ; count = this.received.length + 1) {
      const end = (await this.bytes(count)).indexOf('\n')
      if (end >= 0) return this.received.toString('utf8', 0, end)
      if (this.received.length < count) throw new Error('the connection ended before a whole line came')
    }
  }
}

type Options = Partial<TcpNetConnectOpts>

/** Connects, and resolves once the handshake is done. Reads nothing before `read()`. Closed after the test. */
export async function connectClient(port: number, options: Options = {}): Promise<Client> {
  const client = await openClient(port, options)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** Like `connectClient`, for a client that several tests share. The caller destroys it. */
export async function openClient(port: number, options: Options = {}): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...options })
  await once(socket, 'connect')
  return new Client(socket)
}

export async function connectClients(count: number, port: number, options: Options = {}): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => connectClient(port, options)))
}

/** Connects one client after the other, waiting for each greeting. On a new server their ids are 1, 2, 3 ... */
export async function connectInOrder(count: number, port: number): Promise<Client[]> {
  const clients: Client[] = []
  while (clients.length < count) {
    const client = (await connectClient(port)).read()
    await client.line()
    clients.push(client)
  }
  return clients
}
