/**
 * Asks shared/demux.ts where packets go and the kernel where they went, for random sets of listening and connected sockets on
 * one port. Runs alone in its network namespace. Prints how many of each verdict were tried; throws where the two differ.
 */
import fc from 'fast-check'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type DemuxSocket, lookup, type Packet } from '../../shared/demux.ts'
import { formatEndpoint, plainAddress } from '../../shared/endpoint.ts'
import { loadLibc } from '../../server/libc.ts'
import { socketOf } from '../../server/kernel/inet-diag.ts'
import { eachPacked } from '../../server/kernel/packed.ts'
import { Sampler } from '../../server/kernel/sampler.ts'

const PORT = 8080
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '192.168.0.1', '::1', 'fd00::1']
const HOSTS = ['0.0.0.0', '::', ':: only', ...ADDRESSES]

const libc = await loadLibc()
if (libc === null) throw new Error('needs libc')
const kernelOf = libc
const tried = { connected: 0, listening: 0, 'time-wait': 0, reset: 0 }

interface Scene {
  hosts: string[]
  /** Client address, server address (indices of ADDRESSES) and client port. */
  clients: { from: number; to: number; port: number }[]
  packets: { from: number; to: number; port: number }[]
}

const place = fc.nat(ADDRESSES.length - 1)
const endpoints = fc.record({ from: place, to: place, port: fc.integer({ min: 40_000, max: 40_001 }) })
const scenes: fc.Arbitrary<Scene> = fc.record({
  hosts: fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 4 }),
  clients: fc.array(endpoints, { maxLength: 6 }),
  packets: fc.array(endpoints, { minLength: 4, maxLength: 10 }),
})

await fc.assert(fc.asyncProperty(scenes, play), { numRuns: 40, seed: Number(process.argv[2] ?? 1), endOnFailure: true })
process.stdout.write(JSON.stringify(tried))

/** An accepted socket: its listening socket and the bytes received. */
interface Accepted {
  host: string
  socket: Socket
  received: Buffer
}

async function play({ hosts, clients, packets }: Scene): Promise<void> {
  const accepted = new Map<string, Accepted>()
  const servers: Server[] = []
  const open: Socket[] = []
  try {
    for (const host of hosts) await listen(host, servers, accepted)
    for (const client of clients) await dial(client, open)
    for (const packet of packets) await tryPacket(packet, accepted, open)
  } finally {
    // With RST, so that no TIME_WAIT is left for the next scene.
    for (const socket of open) socket.resetAndDestroy()
    for (const { socket } of accepted.values()) socket.destroy()
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

async function listen(host: string, servers: Server[], accepted: Map<string, Accepted>): Promise<void> {
  const server = createServer((socket) => {
    const entry: Accepted = { host, socket, received: Buffer.alloc(0) }
    accepted.set(nameOf(socket), entry)
    socket.on('data', (chunk: Buffer) => {
      entry.received = Buffer.concat([entry.received, chunk])
      socket.write(chunk)
    })
    socket.on('error', () => {})
  })
  server.listen({ host: host.replace(' only', ''), port: PORT, ipv6Only: host === ':: only' })
  // The kernel refuses a second listening socket that conflicts with the first, such as both kinds of `::`.
  await once(server, 'listening').then(
    () => servers.push(server),
    () => {},
  )
}

function nameOf(socket: Socket): string {
  const remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
  const local = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
  return `${formatEndpoint(remote)} ${formatEndpoint(local)}`
}

/** @returns the errno name where the kernel refuses */
async function dial({ from, to, port }: Scene['packets'][number], open: Socket[]): Promise<Socket | string> {
  const [localAddress = '', host = ''] = [ADDRESSES[from], ADDRESSES[to]]
  if (localAddress.includes(':') !== host.includes(':')) return 'families'
  const socket = connect({ host, port: PORT, localAddress, localPort: port })
  try {
    await once(socket, 'connect')
    open.push(socket)
    return socket
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
  }
}

async function tryPacket(
  choice: Scene['packets'][number],
  accepted: Map<string, Accepted>,
  open: Socket[],
): Promise<void> {
  const packet: Packet = {
    remote: { address: ADDRESSES[choice.from] ?? '', port: choice.port },
    local: { address: ADDRESSES[choice.to] ?? '', port: PORT },
    syn: true,
  }
  const name = `${formatEndpoint(packet.remote)} ${formatEndpoint(packet.local)}`
  if (packet.remote.address.includes(':') !== packet.local.address.includes(':')) return
  const { verdict, socket } = lookup(packet, sockets())
  tried[verdict]++
  const outcome = await dial(choice, open)
  switch (verdict) {
    case 'listening': {
      if (typeof outcome === 'string') throw new Error(`${name}: predicted an accept, the kernel says ${outcome}`)
      outcome.write('to whom?')
      await once(outcome, 'data')
      const host = accepted.get(name)?.host.replace(' only', '')
      if (host !== socket?.local.address)
        throw new Error(`${name}: predicted ${socket?.local.address}, reached ${host}`)
      break
    }
    case 'connected': {
      // A socket with this 4-tuple exists: the kernel refuses another, and data of the first reaches the predicted socket.
      if (outcome !== 'EADDRNOTAVAIL') throw new Error(`${name}: predicted a taken 4-tuple, the kernel made another`)
      const mine = open.find((client) => nameOfClient(client) === name)
      const theirs = accepted.get(name)
      if (mine === undefined || theirs === undefined) throw new Error(`${name}: predicted a socket that nobody has`)
      const before = theirs.received.length
      mine.write('for you')
      await once(mine, 'data')
      if (theirs.received.subarray(before).toString() !== 'for you') throw new Error(`${name}: the data went elsewhere`)
      break
    }
    case 'reset':
      if (outcome !== 'ECONNREFUSED') throw new Error(`${name}: predicted RST, the kernel says ${String(outcome)}`)
      break
    case 'time-wait':
      throw new Error(`${name}: no TIME_WAIT should be left`)
  }
}

function nameOfClient(socket: Socket): string {
  const own = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
  const peer = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
  return `${formatEndpoint(own)} ${formatEndpoint(peer)}`
}

/** The kernel's table of the port as it is now. */
function sockets(): DemuxSocket[] {
  const samplers = ['0.0.0.0', '::'].map((address) => new Sampler(kernelOf, { address, port: PORT }))
  return samplers.flatMap((sampler, i) => {
    const { changed, listeners } = sampler.take()
    sampler.close()
    return [...[...eachPacked(changed)].map(([packed, at]) => socketOf(packed, at, 0)), ...(i === 0 ? listeners : [])]
  })
}
