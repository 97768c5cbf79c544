import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CROWD_MIN, type Crowd as CrowdRecord } from '../../shared/crowd.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'
import { clock } from '../clock.ts'
import { CROWD_ENTRY } from '../paths.ts'
import { ClientError } from './clients.ts'
import type { FromCrowd, ToCrowd } from './crowd-process.ts'

/** Milliseconds until it is closed: a page that has crashed would else leave it here. */
const LIFE_MS = 180_000
/** Milliseconds until a process that should have closed them is ended. */
const CLOSE_MS = 30_000
/** How much of the accept queue may fill before the server has its turn: others want to connect too. */
const OF_QUEUE = 3 / 4
/** Milliseconds for the server to accept them. */
const ACCEPT_MS = 5_000
/** Connections left for everybody else, and descriptors for the process itself. */
const SPARE = 100
/** Into so many parts the ports are cut where descriptors are short: an address is used up, and others still connect. */
const PARTS = 3
/** Every address of 127.0.0.0/8 is this machine's, so a crowd has as many as it needs. */
const NETWORK = '127.1.'
/** Crowds after which the addresses of the first one are used again: its ports are no longer in TIME_WAIT. */
const NETWORKS = 250
/** Linux's own, if /proc is missing (ip(7)). */
const EPHEMERAL = { first: 32_768, last: 60_999 }

/** What the server has accepted. */
export interface Accepted {
  readonly counters: { readonly accepted: number; readonly live: number }
  live(): readonly { remote: Endpoint }[]
}

/** Very many real clients of this listener, held by a process of their own: one at a time, and not for long. */
export class Crowd {
  readonly #listener: Listener
  readonly #table: Accepted
  readonly #supported: boolean
  #child: ChildProcess | null = null
  /** Resolves when the process that closes its connections has ended; null: none does. */
  #closing: Promise<unknown> | null = null
  #ending: NodeJS.Timeout | undefined
  /** How many there were. */
  #crowds = 0

  /** @param supported whether there is Linux and koffi */
  constructor(listener: Listener, table: Accepted, supported: boolean) {
    this.#listener = listener
    this.#table = table
    this.#supported = supported
  }

  /** Opens as many as asked for, or as fit. @throws ClientError */
  async open(count: number): Promise<CrowdRecord> {
    await this.#closing
    const to = this.#target()
    const { maxConnections, descriptorLimit } = this.#listener
    const room = Math.min(maxConnections - this.#table.counters.live, descriptorLimit ?? Infinity) - SPARE
    const wanted = Math.min(count, room)
    if (wanted < CROWD_MIN) {
      throw new ClientError('NO_ROOM', `There is room for ${Math.max(0, room)} more connections only.`)
    }
    const child = this.#start()
    try {
      const plan = planOf(wanted)
      const addresses = await this.#fill(child, wanted, to, plan)
      const crowd = this.#count(addresses)
      const [first] = crowd.addresses
      if (first?.size === 0 && first.refused !== null) throw new ClientError(first.refused, explain(first.refused))
      this.#ending = setTimeout(() => this.close(), LIFE_MS).unref()
      return {
        ...crowd,
        ports: { ...plan.ports, limited: plan.limited },
        room: wanted < count ? room : null,
        endsAt: clock.now() + LIFE_MS,
      }
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Whether a client with this address is one of the crowd. */
  has(address: string): boolean {
    return this.#child !== null && address.startsWith(NETWORK)
  }

  /** Closes its connections by FIN, a few at a time. */
  close(): void {
    clearTimeout(this.#ending)
    const child = this.#child
    if (!child?.connected) return
    child.send({ type: 'close' } satisfies ToCrowd)
    this.#closing = new Promise((resolve) => child.once('exit', resolve))
    this.#ending = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS).unref()
  }

  /** Closes them at once. */
  kill(): void {
    clearTimeout(this.#ending)
    this.#child?.kill('SIGKILL')
  }

  #target(): Endpoint {
    const { local, family, dualStack, state } = this.#listener
    if (!this.#supported) throw new ClientError('CROWD_UNAVAILABLE', 'A crowd of clients needs Linux and koffi.')
    if (this.#child !== null) throw new ClientError('CROWD_OPEN', 'A crowd is open already. Close it first.')
    if (state !== 'accepting') throw new ClientError('NOT_ACCEPTING', 'The server does not accept at the moment.')
    if (family !== 4 && !dualStack) {
      throw new ClientError('NOT_THIS_LISTENER', 'The listening socket is IPv6 only, and a crowd connects over IPv4.')
    }
    const everywhere = local.address === '::' || local.address === '0.0.0.0'
    return everywhere ? { ...local, address: '127.0.0.1' } : local
  }

  #start(): ChildProcess {
    const child = fork(CROWD_ENTRY, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
    this.#child = child
    const over = (): void => {
      clearTimeout(this.#ending)
      this.#child = this.#closing = null
    }
    child.on('exit', over)
    child.on('error', over)
    return child
  }

  /** Lets one address after the other connect until the kernel refuses, or enough are there. */
  async #fill(child: ChildProcess, wanted: number, to: Endpoint, { ports, limited }: Plan): Promise<Filled[]> {
    this.#crowds++
    const addresses: Filled[] = []
    const before = this.#table.counters.accepted
    const atOnce = Math.max(1, Math.floor(this.#listener.backlog * OF_QUEUE))
    let all = 0
    for (let host = 1; all < wanted && host < 255; host++) {
      const filled: Filled = { address: `${NETWORK}${this.#crowds % NETWORKS}.${host}`, code: null }
      addresses.push(filled)
      while (all < wanted && filled.code === null) {
        const count = Math.min(atOnce, wanted - all)
        const order: ToCrowd = { type: 'open', count, from: filled.address, to, ports: limited ? ports : null }
        const { opened, code } = await ask(child, order)
        all += opened
        filled.code = (await this.#accepted(before + all)) ? code : 'ETIMEDOUT'
      }
      // Where not even the first can connect, the address is missing.
      if (all === 0 || (filled.code !== null && filled.code !== EXHAUSTED)) break
    }
    return addresses
  }

  /** The clients connect faster than the server accepts, and those without room in its queue would wait for seconds. */
  async #accepted(count: number): Promise<boolean> {
    for (let waited = 0; waited < ACCEPT_MS; waited += 2) {
      if (this.#table.counters.accepted >= count) return true
      await sleep(2)
    }
    return false
  }

  /** By the server's own table, not by what was opened. */
  #count(filled: readonly Filled[]): Pick<CrowdRecord, 'size' | 'addresses'> {
    const sizes = new Map<string, number>()
    for (const { remote } of this.#table.live()) sizes.set(remote.address, (sizes.get(remote.address) ?? 0) + 1)
    const addresses = filled.map(({ address, code }) => ({ address, size: sizes.get(address) ?? 0, refused: code }))
    return { size: addresses.reduce((sum, { size }) => sum + size, 0), addresses }
  }
}

/** The kernel's word for: no port is free (connect(2)). */
const EXHAUSTED = 'EADDRNOTAVAIL'

interface Filled {
  address: string
  /** What stopped it; null: enough are there. */
  code: string | null
}

interface Plan {
  ports: { first: number; last: number }
  limited: boolean
}

/** Which client ports to use: the machine's, if the crowd is larger than what one address has of them. */
function planOf(wanted: number): Plan {
  const { first, last } = ephemeralPorts()
  if (wanted > last - first + 1) return { ports: { first, last }, limited: false }
  return { ports: { first, last: first + Math.ceil(wanted / PARTS) - 1 }, limited: true }
}

function ephemeralPorts(): Plan['ports'] {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1')
    const [first = EPHEMERAL.first, last = EPHEMERAL.last] = text.trim().split(/\s+/).map(Number)
    return { first, last }
  } catch {
    return EPHEMERAL
  }
}

function explain(code: string): string {
  if (code === 'ENOPROTOOPT') return 'This kernel is older than Linux 6.3 and cannot limit the ports of a client.'
  if (code === 'ETIMEDOUT') return 'The server did not accept the clients in time.'
  return `The first client could not connect: ${code}.`
}

/** @throws ClientError if the process has ended */
function ask(child: ChildProcess, order: ToCrowd): Promise<FromCrowd> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new ClientError('CROWD_ENDED', 'The process with the crowd has ended.'))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      resolve(answer as FromCrowd)
    })
    if (child.connected) child.send(order)
    else ended()
  })
}
