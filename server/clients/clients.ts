import { connect, type Socket } from 'node:net'
import type { CloseAction } from '../../shared/action.ts'
import { CLIENTS_MAX, type ClientRecord, type ClientRequest } from '../../shared/client.ts'
import {
  type Endpoint,
  familyOf,
  formatEndpoint,
  isWildcard,
  plainAddress,
  readAddress,
  sameAddress,
} from '../../shared/endpoint.ts'
import { isOwnAddress } from '../own-address.ts'

/** Milliseconds to wait for the connection's number. A client in the accept queue has none yet. */
const ACCEPTED_MS = 300
/** Milliseconds until a connect attempt is given up. The kernel would send SYNs for minutes. */
const CONNECT_MS = 5_000
/** Limits of bytes waiting in one client while its connection is not read, and in all clients together. */
const SEND_QUEUE_MAX = 4 * 1024 * 1024
const SEND_QUEUES_MAX = 64 * 1024 * 1024

/** How long a client that is let go may take to send what it has. */
const RELEASE_MS = 1_000

/** A client request that cannot be carried out; `code` is the kernel's errno name or an application code. */
export class ClientError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Client {
  id: number
  socket: Socket
  local: Endpoint
  remote: Endpoint
  connectionId: number | null
  reading: boolean
  numbered: () => void
}

/** The connections the server has accepted so far. */
export interface Accepted {
  readonly seq: number
  changedSince(seq: number): { id: number; local: Endpoint; remote: Endpoint; acceptSeq: number }[]
}

/** Built-in clients: real sockets that connect to this listener only. */
export class Clients {
  readonly #target: () => Endpoint
  readonly #clients = new Map<number, Client>()
  readonly #accepted: Accepted
  /** Clients not reported as accepted yet, by 4-tuple. */
  readonly #waiting = new Map<string, Client>()
  #nextId = 1
  #opening = 0

  /** @param target the listening socket's endpoint */
  constructor(target: () => Endpoint, accepted: Accepted) {
    this.#target = target
    this.#accepted = accepted
  }

  /** @throws ClientError */
  async open(request: ClientRequest): Promise<ClientRecord> {
    if (this.#clients.size + this.#opening >= CLIENTS_MAX) {
      throw new ClientError('TOO_MANY_CLIENTS', `${CLIENTS_MAX} built-in clients are open already. Close some first.`)
    }
    const route = this.#route(request)
    this.#opening++
    const since = this.#accepted.seq
    try {
      const client = await this.#connect(route, request.reading ?? true)
      this.#clients.set(client.id, client)
      client.socket.on('close', () => {
        this.#clients.delete(client.id)
        this.#waiting.delete(tuple(client.local, client.remote))
      })
      await this.#number(client, since)
      return record(client)
    } finally {
      this.#opening--
    }
  }

  list(): ClientRecord[] {
    return [...this.#clients.values()].map(record)
  }

  record(id: number): ClientRecord | null {
    const client = this.#clients.get(id)
    return client ? record(client) : null
  }

  has(id: number): boolean {
    return this.#clients.has(id)
  }

  /** @returns the reason for a refusal, and the waiting bytes; null when the bytes were sent */
  send(id: number, data: Buffer): { code: 'FIN_SENT' | 'SEND_QUEUE_FULL'; waiting: number } | null {
    const socket = this.#clients.get(id)?.socket
    if (socket === undefined) return null
    const waiting = socket.writableLength
    if (!socket.writable) return { code: 'FIN_SENT', waiting }
    const queues = [...this.#clients.values()].reduce((sum, client) => sum + client.socket.writableLength, data.length)
    if (waiting + data.length > SEND_QUEUE_MAX || queues > SEND_QUEUES_MAX) return { code: 'SEND_QUEUE_FULL', waiting }
    socket.write(data)
    return null
  }

  close(id: number, how: CloseAction): void {
    const socket = this.#clients.get(id)?.socket
    if (how === 'reset') socket?.resetAndDestroy()
    // `half` sends FIN and keeps reading. Otherwise close(2): nobody would read.
    else if (how === 'half') socket?.end()
    else socket?.destroySoon()
  }

  /** Closes by FIN; by RST if the server has not taken what was sent before within RELEASE_MS. */
  release(id: number): void {
    const socket = this.#clients.get(id)?.socket
    if (socket === undefined) return
    socket.destroySoon()
    const timer = setTimeout(() => socket.resetAndDestroy(), RELEASE_MS)
    socket.once('close', () => clearTimeout(timer))
  }

  closeAll(): void {
    for (const { socket } of this.#clients.values()) socket.destroy()
  }

  /** Called for each accepted connection; cheap while no client waits. */
  accepted(id: number, local: Endpoint, remote: Endpoint): void {
    if (this.#waiting.size === 0) return
    const name = tuple(remote, local)
    const client = this.#waiting.get(name)
    if (client === undefined) return
    this.#waiting.delete(name)
    client.connectionId = id
    client.numbered()
  }

  #route({ from: given, to: asked }: ClientRequest): {
    host: string
    port: number
    localAddress: string
    localPort: number
  } {
    const [from, to] = [read(given ?? {}), read(asked ?? {})]
    const target = this.#target()
    const wildcard = isWildcard(target.address)
    const wished = to.address ?? (from.address !== undefined && familyOf(from.address) === 6 ? '::1' : '127.0.0.1')
    const host = wildcard ? wished : target.address
    if (to.address !== undefined && !sameAddress(to.address, host)) {
      throw new ClientError('NOT_THIS_LISTENER', `The listening socket is bound to ${formatEndpoint(target)} only.`)
    }
    if (!isOwnAddress(host)) {
      throw new ClientError(
        'NOT_THIS_LISTENER',
        `${host} is not an address of this machine. Built-in clients connect only to this machine.`,
      )
    }
    if (from.address !== undefined && familyOf(from.address) !== familyOf(host)) {
      throw new ClientError('INVALID', `${from.address} and ${host} are not the same IP version.`)
    }
    const localAddress = from.address ?? (familyOf(host) === 6 ? '::' : '0.0.0.0')
    return { host, port: target.port, localAddress, localPort: from.port ?? 0 }
  }

  async #connect(
    route: { host: string; port: number; localAddress: string; localPort: number },
    reading: boolean,
  ): Promise<Client> {
    const socket = connect({ ...route, allowHalfOpen: false })
    // Node would read the first 64 KiB unasked.
    if (!reading) socket.pause()
    socket.setTimeout(CONNECT_MS)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve())
      socket.once('timeout', () =>
        reject(new ClientError('ETIMEDOUT', `No answer to the SYN within ${CONNECT_MS / 1000} s.`)),
      )
      socket.once('error', (error: NodeJS.ErrnoException) =>
        reject(new ClientError(error.code ?? 'UNKNOWN', error.message)),
      )
    }).catch((error: unknown) => {
      socket.destroy()
      throw error
    })
    socket.setTimeout(0)
    // The server reports how the connection ended.
    socket.on('error', () => {})
    if (reading) socket.resume()
    const local = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
    const remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    // bind(2) accepts a multicast or broadcast address, and connect(2) then silently picks another one.
    if (!isWildcard(route.localAddress) && !sameAddress(local.address, route.localAddress)) {
      socket.destroy()
      throw new ClientError('EADDRNOTAVAIL', `${route.localAddress} cannot be a source address.`)
    }
    return { id: this.#nextId++, socket, local, remote, connectionId: null, reading, numbered: () => {} }
  }

  /** Waits briefly for the connection's number; a client in the accept queue has none yet. */
  async #number(client: Client, since: number): Promise<void> {
    const name = tuple(client.local, client.remote)
    // The listener process may have reported the connection before this process saw the handshake complete.
    const entry = this.#accepted
      .changedSince(since)
      .find(({ acceptSeq, local, remote }) => acceptSeq > since && tuple(remote, local) === name)
    if (entry !== undefined) {
      client.connectionId = entry.id
      return
    }
    this.#waiting.set(name, client)
    await new Promise<void>((resolve) => {
      client.numbered = resolve
      setTimeout(resolve, ACCEPTED_MS)
    })
  }
}

/** @throws ClientError if the address is none */
function read<T extends { address?: string }>(end: T): T {
  if (end.address === undefined) return end
  const address = readAddress(end.address)
  if (address === null) throw new ClientError('INVALID', `${JSON.stringify(end.address)} is not an IP address.`)
  return { ...end, address }
}

function tuple(client: Endpoint, server: Endpoint): string {
  return `${formatEndpoint(client)} ${formatEndpoint(server)}`
}

function record({ id, socket, local, remote, connectionId, reading }: Client): ClientRecord {
  return { id, local, remote, connectionId, reading, bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten }
}
