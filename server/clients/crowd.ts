import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { CROWD_MIN, type Crowd as CrowdRecord } from '../../shared/crowd.ts'
import { type Endpoint, isWildcard } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'
import { clock } from '../clock.ts'
import { CROWD_ENTRY } from '../paths.ts'
import { ClientError } from './clients.ts'
import type { FromCrowd, ToCrowd } from './crowd-process.ts'
import { type CrowdPlan, planOf } from './crowd-plan.ts'

/** Milliseconds until it is closed: a page that has crashed would else leave it here. */
const LIFE_MS = 180_000
/** Milliseconds until a process that should have closed them is ended. */
const CLOSE_MS = 10_000
/** Milliseconds after the end in which the server still hears of its connections. */
const ECHO_MS = 5_000
/** How much of the accept queue may fill before the server has its turn: others want to connect too. */
const OF_QUEUE = 3 / 4
/** Milliseconds for the server to accept them. */
const ACCEPT_MS = 5_000
/** Connections left for everybody else, and descriptors for the process itself. */
const SPARE = 100
/** Every address of 127.0.0.0/8 is this machine's, so a crowd has as many as it needs. */
const NETWORK = '127.1.'
/** Crowds after which the addresses of the first one are used again: its ports are no longer in TIME_WAIT. */
const NETWORKS = 250

/** The kernel's word for: no port is free (connect(2)). */
const EXHAUSTED = 'EADDRNOTAVAIL'

/** The server's side. */
export interface CrowdServer {
  listener: Listener
  live(): readonly { id: number; remote: Endpoint }[]
  /** Sends FIN on these connections. */
  close(ids: number[]): Promise<unknown>
}

/** A crowd that is open, or on its way. */
interface Current {
  child: ChildProcess
  /** A close with another key leaves it open; null: it has none. */
  key: string | null
  /** Its addresses begin so. */
  prefix: string
  accepted: number
  ending: NodeJS.Timeout | undefined
  /** It is being closed: resolves when its process has ended. */
  closing: Promise<void> | null
}

/** Very many real clients of this listener, held by a process of their own: one at a time, and not for long. */
export class Crowd {
  readonly #server: CrowdServer
  readonly #supported: boolean
  #current: Current | null = null
  /** Until then the server may hear of connections of crowds before. */
  #echoUntil = 0
  /** How many there were. */
  #crowds = 0
  /** Those that wait until the one before is closed. */
  readonly #waiting = new Set<{ key: string | null; cancelled: boolean }>()

  /** @param supported whether there is Linux and koffi */
  constructor(server: CrowdServer, supported: boolean) {
    this.#server = server
    this.#supported = supported
  }

  /** Opens as many as asked for, or as fit. @param key a close with another key leaves it open. @throws ClientError */
  async open(count: number, key: string | null): Promise<CrowdRecord> {
    const wish = { key, cancelled: false }
    this.#waiting.add(wish)
    await this.#current?.closing
    this.#waiting.delete(wish)
    if (wish.cancelled) throw ended()
    const to = this.#target()
    const { maxConnections, descriptorLimit, counters } = this.#server.listener
    const room = Math.min(maxConnections - counters.live, descriptorLimit ?? Infinity) - SPARE
    const wanted = Math.min(count, room)
    if (wanted < CROWD_MIN) {
      throw new ClientError('NO_ROOM', `There is room for ${Math.max(0, room)} more connections only.`)
    }
    const current = this.#start(key)
    try {
      const plan = planOf(wanted)
      const crowd = this.#count(await this.#fill(current, wanted, to, plan))
      if (current.closing !== null || this.#current !== current) throw ended()
      const [first] = crowd.addresses
      if (first?.size === 0 && first.refused !== null) throw new ClientError(first.refused, explain(first.refused))
      current.ending = setTimeout(() => this.#close(current), LIFE_MS).unref()
      return {
        ...crowd,
        ports: { ...plan.ports, limited: plan.limited },
        room: wanted < count ? room : null,
        endsAt: clock.now() + LIFE_MS,
      }
    } catch (error) {
      this.#close(current)
      throw error
    }
  }

  /** Counts an accepted connection. @returns whether it is one of a crowd's */
  took(address: string): boolean {
    const current = this.#current
    if (current !== null && address.startsWith(current.prefix)) current.accepted++
    return this.has(address)
  }

  /** Whether a connection from this address is one of a crowd's. */
  has(address: string): boolean {
    return address.startsWith(NETWORK) && (this.#current !== null || performance.now() < this.#echoUntil)
  }

  /** Closes its connections by FIN, a few at a time. @param key of the one to close; null: whichever there is */
  close(key: string | null): void {
    const isMeant = (crowd: { key: string | null }) => key === null || crowd.key === null || crowd.key === key
    for (const wish of this.#waiting) if (isMeant(wish)) wish.cancelled = true
    if (this.#current !== null && isMeant(this.#current)) this.#close(this.#current)
  }

  /** Ends it at once: the listener process has ended, or the server does. */
  kill(): void {
    this.#current?.child.kill('SIGKILL')
  }

  #close(current: Current): void {
    if (current.closing !== null || this.#current !== current) return
    const { child } = current
    current.closing = new Promise((resolve) => child.once('exit', () => resolve()))
    // The process may have ended a moment ago.
    child.send({ type: 'close' } satisfies ToCrowd, () => {})
    clearTimeout(current.ending)
    current.ending = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS).unref()
  }

  #target(): Endpoint {
    const { local, family, dualStack, state, behavior } = this.#server.listener
    if (!this.#supported) throw new ClientError('CROWD_UNAVAILABLE', 'A crowd of clients needs Linux and koffi.')
    if (this.#current !== null) throw new ClientError('CROWD_OPEN', 'A crowd is open already. Close it first.')
    if (state !== 'accepting') throw new ClientError('NOT_ACCEPTING', 'The server does not accept at the moment.')
    if (behavior === 'chargen') {
      throw new ClientError(
        'CROWD_FLOODED',
        'The behavior is chargen: its bytes would fill the memory of this machine.',
      )
    }
    if (family !== 4 && !dualStack) {
      throw new ClientError('NOT_THIS_LISTENER', 'The listening socket is IPv6 only, and a crowd connects over IPv4.')
    }
    return isWildcard(local.address) ? { ...local, address: '127.0.0.1' } : local
  }

  #start(key: string | null): Current {
    const child = fork(CROWD_ENTRY, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
    const prefix = `${NETWORK}${++this.#crowds % NETWORKS}.`
    const current: Current = { child, key, prefix, accepted: 0, ending: undefined, closing: null }
    this.#current = current
    child.once('exit', () => this.#over(current))
    // A process that could not be started has no exit.
    child.on('error', () => {
      if (child.pid === undefined) this.#over(current)
    })
    return current
  }

  #over(current: Current): void {
    clearTimeout(current.ending)
    if (this.#current !== current) return
    this.#current = null
    this.#echoUntil = performance.now() + ECHO_MS
    setTimeout(() => void this.#sweep(current.prefix), ECHO_MS).unref()
  }

  /** The `silent` behavior never answers a FIN, so the server would keep these for ever. */
  async #sweep(prefix: string): Promise<void> {
    const left = this.#server.live().filter(({ remote }) => remote.address.startsWith(prefix))
    // The listener process may be gone, and its connections with it.
    if (left.length > 0) await this.#server.close(left.map(({ id }) => id)).catch(() => {})
  }

  /** Lets one address after the other connect until the kernel refuses, or enough are there. */
  async #fill(current: Current, wanted: number, to: Endpoint, { ports, limited }: CrowdPlan): Promise<Filled[]> {
    const addresses: Filled[] = []
    const atOnce = Math.max(1, Math.floor(this.#server.listener.backlog * OF_QUEUE))
    let all = 0
    for (let host = 1; all < wanted && host < 255; host++) {
      const filled: Filled = { address: `${current.prefix}${host}`, code: null }
      addresses.push(filled)
      while (all < wanted && filled.code === null) {
        const count = Math.min(atOnce, wanted - all)
        const order: ToCrowd = { type: 'open', count, from: filled.address, to, ports: limited ? ports : null }
        const { opened, code } = await ask(current, order)
        all += opened
        filled.code = (await this.#accepted(current, all)) ? code : 'ETIMEDOUT'
      }
      // Where not even the first can connect, the address is missing.
      if (all === 0 || (filled.code !== null && filled.code !== EXHAUSTED)) break
    }
    return addresses
  }

  /** The clients connect faster than the server accepts, and those without room in its queue would wait for seconds. */
  async #accepted(current: Current, count: number): Promise<boolean> {
    for (let waited = 0; waited < ACCEPT_MS; waited += 2) {
      if (current.accepted >= count) return true
      if (current.closing !== null || this.#current !== current) throw ended()
      await sleep(2)
    }
    return false
  }

  /** By the server's own table, not by what was opened. */
  #count(filled: readonly Filled[]): Pick<CrowdRecord, 'size' | 'addresses'> {
    const sizes = new Map<string, number>()
    for (const { remote } of this.#server.live()) sizes.set(remote.address, (sizes.get(remote.address) ?? 0) + 1)
    const addresses = filled.map(({ address, code }) => ({ address, size: sizes.get(address) ?? 0, refused: code }))
    return { size: addresses.reduce((sum, { size }) => sum + size, 0), addresses }
  }
}

interface Filled {
  address: string
  /** What stopped it; null: enough are there. */
  code: string | null
}

function ended(): ClientError {
  return new ClientError('CROWD_ENDED', 'The crowd was closed while it was being opened.')
}

function explain(code: string): string {
  if (code === 'ENOPROTOOPT') return 'This kernel is older than Linux 6.3 and cannot limit the ports of a client.'
  if (code === 'ETIMEDOUT') return 'The server did not accept the clients in time.'
  return `The first client could not connect: ${code}.`
}

/** @throws ClientError if the process has ended, or is to close what it has */
function ask({ child, closing }: Current, order: ToCrowd): Promise<FromCrowd> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(ended())
    if (closing !== null) return end()
    child.once('exit', end)
    child.once('message', (answer) => {
      child.off('exit', end)
      resolve(answer as FromCrowd)
    })
    child.send(order, (error) => {
      if (error !== null) end()
    })
  })
}
