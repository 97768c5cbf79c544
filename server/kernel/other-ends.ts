import { clock } from '../clock.ts'
import { isOwnAddress } from '../own-address.ts'
import { Differences } from './differences.ts'
import {
  cookieOf,
  endpointsOf,
  ESTABLISHED,
  isOtherEnd,
  LISTEN,
  LOCAL_PORT,
  PACKED_SIZE,
  REMOTE_ADDRESS,
  REMOTE_PORT,
  STATE,
  SYN_SENT,
  TIME_WAIT,
} from './inet-diag.ts'
import { eachPacked, PackedSockets } from './packed.ts'
import { type Served, servedBy } from './served.ts'

const NO_INFO = -1
const NONE = -1
/** Takes the place of the state of an unpaired socket that has found its counterpart. */
const PAIRED = 0

/** What has changed among the clients' own sockets since the previous look. Cookies identify them. */
export interface EndsSample {
  /** Unix milliseconds. */
  at: number
  /** Packed sockets (packed.ts) of clients whose connections have a socket here. */
  changed: Uint8Array<ArrayBuffer>
  /** New pairs, flat: the cookie of a client's socket, then the cookie of the port's socket. */
  pairs: number[]
  gone: number[]
  /** Packed sockets of the clients that believe they are connected, while the port has no socket for them. */
  handshakeOnly: Uint8Array<ArrayBuffer>
}

/**
 * Finds the other end of each of the port's sockets, where the client runs on this machine. In each sample the clients' sockets
 * are visited first, then the port's. Runs in the worker thread.
 */
export class OtherEnds {
  /** The paired sockets of clients. */
  readonly #paired = new Differences<number>()
  readonly #packed = new PackedSockets()
  /** Sockets without a counterpart so far, packed: an object for each would be garbage in this sample already. */
  readonly #unpaired = new PackedSockets()
  /** By the client's port: the place of the last unpaired one; and for each place, that of the one before it with the same port. */
  readonly #last = new Map<number, number>()
  #before: number[] = []
  readonly #ownAddresses = new Map<string, boolean>()
  /** Sockets in ESTABLISHED that had no counterpart in the previous sample. */
  #suspects = new Set<number>()
  #pairs: number[] = []
  #at = 0
  readonly #serves: Served

  /** @param host the listening socket's address */
  constructor(host: string) {
    this.#serves = servedBy(host)
  }

  begin(): void {
    this.#at = clock.steady()
  }

  /** Takes one socket whose remote port is ours. */
  visitClient(buffer: Buffer, at: number): void {
    const state = buffer[at + STATE] ?? 0
    // A new socket with a 4-tuple that is used again must not be taken for the old one's: in SYN_SENT, the port's socket may
    // still be the old one. In TIME_WAIT it had its time before; there can be tens of thousands of them.
    if (state === SYN_SENT) return
    const cookie = cookieOf(buffer, at)
    if (this.#paired.has(cookie)) this.#report(cookie, buffer, at)
    else if (state !== TIME_WAIT && this.#isOurs(buffer, at)) {
      const port = buffer.readUInt16BE(at + LOCAL_PORT)
      this.#before.push(this.#last.get(port) ?? NONE)
      this.#last.set(port, this.#before.length - 1)
      this.#unpaired.write(buffer, at, NO_INFO)
      this.#unpaired.keep()
    }
  }

  /** Takes one of the port's sockets. */
  visitOwn(buffer: Buffer, at: number): void {
    if (this.#last.size === 0) return
    const state = buffer[at + STATE]
    // In TIME_WAIT, the port's socket has outlived the client's: this is another one.
    if (state === TIME_WAIT || state === LISTEN) return
    let place = this.#last.get(buffer.readUInt16BE(at + REMOTE_PORT)) ?? NONE
    for (; place !== NONE; place = this.#before[place] ?? NONE) {
      const client = place * PACKED_SIZE
      const { bytes } = this.#unpaired
      if (bytes[client + STATE] === PAIRED || !isOtherEnd(bytes, client, buffer, at)) continue
      const cookie = cookieOf(bytes, client)
      this.#pairs.push(cookie, cookieOf(buffer, at))
      this.#report(cookie, bytes, client)
      bytes[client + STATE] = PAIRED
      return
    }
  }

  end(): EndsSample {
    const changed = this.#packed.take()
    const suspects = new Set<number>()
    for (const [bytes, at] of eachPacked(this.#unpaired.take())) {
      if (bytes[at + STATE] !== ESTABLISHED) continue
      const cookie = cookieOf(bytes, at)
      suspects.add(cookie)
      // It was ESTABLISHED before and after the previous look at the port's sockets, which had none for it.
      if (!this.#suspects.has(cookie)) continue
      this.#packed.write(bytes, at, NO_INFO)
      this.#packed.keep()
    }
    this.#suspects = suspects
    this.#last.clear()
    this.#before = []
    this.#ownAddresses.clear()
    const pairs = this.#pairs
    this.#pairs = []
    return { at: this.#at, changed, pairs, gone: this.#paired.next(), handshakeOnly: this.#packed.take() }
  }

  #report(cookie: number, message: Buffer, at: number): void {
    const print = this.#packed.write(message, at, NO_INFO)
    if (this.#paired.differs(cookie, print)) this.#packed.keep()
  }

  /** Whether the client is connected to our listening socket, and not to the same port of another address or machine. */
  #isOurs(buffer: Buffer, at: number): boolean {
    if (!this.#serves(buffer, at, REMOTE_ADDRESS)) return false
    const { address } = endpointsOf(buffer, at).remote
    let own = this.#ownAddresses.get(address)
    if (own === undefined) this.#ownAddresses.set(address, (own = isOwnAddress(address)))
    return own
  }
}
