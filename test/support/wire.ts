import { readFileSync } from 'node:fs'
import type { Endpoint } from '../../shared/endpoint.ts'
import { classicBpf } from '../../server/kernel/bpf.ts'
import { type Libc, loadLibc } from '../../server/libc.ts'
import type { Tool } from '../tools.ts'

// What both ends really sent: the SYN, FIN and RST segments on the loopback interface (packet(7)).

const AF_PACKET = 17
const SOCK_RAW = 3
const ETH_P_ALL_BIG_ENDIAN = 0x0300
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const MSG_DONTWAIT = 0x40
const SNAP = 128

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

export type Side = 'peer' | 'server'

/** A FIN or an RST. */
export interface Segment {
  from: Side
  kind: 'fin' | 'reset'
  /** The sequence number after this segment, and what it acknowledges; null: nothing. */
  end: number
  ack: number | null
}

/** One connection, from the server's SYN to its next SYN with the same 4-tuple. */
export interface Conversation {
  syn: number
  segments: Segment[]
}

/** Listens to one local port, until `close`. */
export class Wire {
  readonly #port: number
  readonly #fd: number
  readonly #libc: Libc
  readonly #packet = Buffer.alloc(SNAP)
  readonly #conversations = new Map<string, Conversation[]>()
  readonly #timer: NodeJS.Timeout

  private constructor(libc: Libc, fd: number, port: number) {
    this.#libc = libc
    this.#fd = fd
    this.#port = port
    this.#timer = setInterval(() => this.#drain(), 20)
  }

  /** @throws without the right to see packets (CAP_NET_RAW) */
  static async open(port: number): Promise<Wire> {
    const libc = await loadLibc()
    if (libc === null) throw new Error('no koffi')
    const fd = libc.socket(AF_PACKET, SOCK_RAW, ETH_P_ALL_BIG_ENDIAN)
    if (fd < 0) throw libc.failure('socket')
    const size = Buffer.alloc(4)
    size.writeUInt32LE(32 * 1024 * 1024)
    libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4)
    const address = Buffer.alloc(20)
    address.writeUInt16LE(AF_PACKET, 0)
    address.writeUInt16LE(ETH_P_ALL_BIG_ENDIAN, 2)
    address.writeUInt32LE(Number(readFileSync('/sys/class/net/lo/ifindex', 'utf8')), 4)
    if (libc.attachFilter(fd, endsOnly()) < 0 || libc.bind(fd, address, 20) < 0) throw libc.failure('bind')
    return new Wire(libc, fd, port)
  }

  /** A connection of this client endpoint. @param back 1: the last one */
  of({ address, port }: Endpoint, back: number): Conversation {
    this.#drain()
    const found = this.#conversations.get(`${address} ${port}`)?.at(-back)
    if (found === undefined) throw new Error(`nothing seen of ${address} ${port}`)
    return found
  }

  close(): void {
    clearInterval(this.#timer)
    this.#libc.close(this.#fd)
  }

  #drain(): void {
    while (Number(this.#libc.recv(this.#fd, this.#packet, SNAP, MSG_DONTWAIT)) > 0) this.#read(this.#packet)
  }

  #read(packet: Buffer): void {
    const v6 = packet.readUInt16BE(12) === 0x86dd
    const tcp = v6 ? 54 : 34
    const [from, to] = [packet.readUInt16BE(tcp), packet.readUInt16BE(tcp + 2)]
    if (from !== this.#port && to !== this.#port) return
    const side: Side = from === this.#port ? 'server' : 'peer'
    const flags = packet.readUInt8(tcp + 13)
    const headers = tcp - 14 + (packet.readUInt8(tcp + 12) >> 4) * 4
    const length = v6 ? packet.readUInt16BE(18) + 40 : packet.readUInt16BE(16)
    const seq = packet.readUInt32BE(tcp + 4)
    const address = v6 ? '::1' : packet.subarray(side === 'peer' ? 26 : 30, side === 'peer' ? 30 : 34).join('.')
    const key = `${address} ${side === 'peer' ? from : to}`
    const all = this.#conversations.get(key) ?? []
    this.#conversations.set(key, all)
    if (flags & SYN) {
      // A SYN alone does not begin a connection: the old one of the same 4-tuple may still answer it. Loopback shows each
      // packet twice.
      if (side === 'server' && all.at(-1)?.syn !== seq) all.push({ syn: seq, segments: [] })
      return
    }
    const segment: Segment = {
      from: side,
      kind: flags & RST ? 'reset' : 'fin',
      end: (seq + length - headers + (flags & FIN ? 1 : 0)) >>> 0,
      ack: flags & ACK ? packet.readUInt32BE(tcp + 8) : null,
    }
    const segments = all.at(-1)?.segments
    const known = segments?.some((one) => one.from === side && one.kind === segment.kind && one.end === segment.end)
    if (known === false) segments?.push(segment)
  }
}

/** Whether this user may look at packets. */
export async function findWire(): Promise<Tool> {
  try {
    const wire = await Wire.open(0)
    wire.close()
    return { path: 'packet(7)', reason: null }
  } catch {
    return { path: null, reason: 'no right to see packets' }
  }
}

/** Whether `segment` was sent without having seen `earlier` of the other side. */
export function crossed(earlier: Segment, segment: Segment): boolean {
  return segment.ack !== null && ((segment.ack - earlier.end) | 0) < 0
}

/** Classic BPF: TCP segments of IPv4 and IPv6, without options, that have FIN, SYN or RST. */
function endsOnly(): Buffer {
  const flags = FIN | SYN | RST
  return classicBpf([
    [0x28, 0, 0, 12],
    [0x15, 0, 4, 0x0800],
    [0x30, 0, 0, 23],
    [0x15, 0, 8, 6],
    [0x30, 0, 0, 47],
    [0x45, 5, 6, flags],
    [0x15, 0, 5, 0x86dd],
    [0x30, 0, 0, 20],
    [0x15, 0, 3, 6],
    [0x30, 0, 0, 67],
    [0x45, 0, 1, flags],
    [0x06, 0, 0, SNAP],
    [0x06, 0, 0, 0],
  ])
}
