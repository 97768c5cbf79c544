import { once } from 'node:events'
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Endpoint } from '../../shared/endpoint.ts'

/** A TCP client of the port: what it got, and how its connection ended for it. */
export class Client {
  readonly socket: Socket
  readonly local: Endpoint
  /** `fin`, or the errno name with which the connection broke. */
  readonly ended: Promise<string>
  received = Buffer.alloc(0)
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

  /** Reads from here on; before it, the client's receive window fills. */
  read(): this {
    this.socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk])
      this.#arrived()
    })
    return this
  }

  /** Resolves with what has come once it is at least so many bytes, or with all there is when the server has ended. */
  async bytes(count: number): Promise<Buffer> {
    let over = false
    // It may have ended before: then nothing else would wake this.
    void this.ended.then(() => {
      over = true
      this.#arrived()
    })
    while (this.received.length < count && !over) {
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

/** Connects, resolves once the handshake is done; nothing is read before `read()`. The client ends with the test. */
export async function connectClient(port: number, options: Options = {}): Promise<Client> {
  const client = await openClient(port, options)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** The same for a client that several tests share; whoever opens it destroys it. */
export async function openClient(port: number, options: Options = {}): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...options })
  await once(socket, 'connect')
  return new Client(socket)
}

export async function connectClients(count: number, port: number, options: Options = {}): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => connectClient(port, options)))
}

/** One after the other, each greeted before the next one comes: on a new server their ids are 1, 2, 3 ... */
export async function connectInOrder(count: number, port: number): Promise<Client[]> {
  const clients: Client[] = []
  while (clients.length < count) {
    const client = (await connectClient(port)).read()
    await client.line()
    clients.push(client)
  }
  return clients
}
