import { readFileSync } from 'node:fs'
import { AF_INET } from '../../server/kernel/constants.ts'
import { DestroySocket } from '../../server/kernel/destroy-socket.ts'
import { FINAL_SIZE, type Final, finalOf } from '../../server/kernel/final.ts'
import { cookieOf, factsOf, endpointsOf } from '../../server/kernel/inet-diag.ts'
import { PackedSockets } from '../../server/kernel/packed.ts'
import { attribute, EVERY_STATE, INET_DIAG_INFO, SockDiag } from '../../server/kernel/sock-diag.ts'
import { firstBy, judgeAlone, type Seen, type Verdict } from '../../server/table/judge-alone.ts'
import type { Libc } from '../../server/libc.ts'
import type { TcpState } from '../../shared/kernel.ts'

interface Sampled {
  clientPort: number
  state: TcpState
}

/** What the kernel tells of another program's port of 127.0.0.1, and nothing else. */
export class ForeignPort {
  readonly #port: number
  readonly #diag: SockDiag
  readonly #destroyed: DestroySocket
  readonly #packed = new PackedSockets()
  /** By cookie: the port's sockets, in the last state that a sample found. */
  readonly #sampled = new Map<number, Sampled>()
  #finals: Final[] = []
  #aborts = abortsOnClose()

  constructor(libc: Libc, port: number) {
    this.#port = port
    this.#diag = new SockDiag(libc)
    this.#destroyed = new DestroySocket(libc, port)
  }

  close(): void {
    this.#diag.close()
    this.#destroyed.close()
  }

  sample(): void {
    this.#dump(this.#port, (cookie, clientPort, state) => {
      if (state !== 'TIME_WAIT') this.#sampled.set(cookie, { clientPort, state })
    })
  }

  /** How many sockets have been destroyed since the last verdicts. */
  get ended(): number {
    const { packed } = this.#destroyed.take()
    const bytes = Buffer.from(packed.buffer)
    for (let at = 0; at < bytes.length; at += FINAL_SIZE) this.#finals.push(finalOf(bytes, at))
    return this.#finals.length
  }

  /** By client port. A connection that no sample has found, and that the server has reset, has none: its port is forgotten. */
  verdicts(): Map<number, Verdict> {
    const waiting = new Map<number, Seen['timeWait']>()
    this.#dump(0, (_, remotePort, state, localPort) => {
      // The last word comes before the client's FIN.
      const ours = state === 'TIME_WAIT' || state === 'FIN_WAIT_2'
      if (ours && localPort === this.#port) waiting.set(remotePort, 'server')
      if (state === 'TIME_WAIT' && remotePort === this.#port) waiting.set(localPort, 'peer')
    })
    const before = this.#aborts
    this.#aborts = abortsOnClose()
    // The counter is the whole network namespace's: only that it has not moved proves something.
    const aborted = this.#aborts === before ? false : null
    const verdicts = new Map<number, Verdict>()
    for (const final of this.#finals.splice(0)) {
      const sampled = this.#sampled.get(final.cookie)
      const clientPort = sampled?.clientPort ?? final.remote.port
      const first = firstBy(sampled?.state ?? null)
      const timeWait = waiting.get(clientPort) ?? 'neither'
      const seen = { first, finPossible: final.received > 0 || final.remote.port === 0, timeWait, aborted }
      verdicts.set(clientPort, judgeAlone(final, seen))
    }
    return verdicts
  }

  #dump(port: number, found: (cookie: number, remotePort: number, state: TcpState, localPort: number) => void): void {
    this.#diag.dump(AF_INET, port, EVERY_STATE, (buffer, at, end) => {
      this.#packed.write(buffer, at, attribute(buffer, at, end, INET_DIAG_INFO))
      this.#packed.keep()
      const packed = Buffer.from(this.#packed.take().buffer)
      const { local, remote } = endpointsOf(packed, 0)
      if (remote.port !== 0) found(cookieOf(packed, 0), remote.port, factsOf(packed, 0, 0).tcpState, local.port)
    })
  }
}

/** How often the kernel has sent RST because a socket was closed with unread bytes (TcpExt). */
function abortsOnClose(): number {
  const [names, values] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '))
  return Number(values?.[names?.indexOf('TCPAbortOnClose') ?? -1])
}
