import type { ClientRecord } from '../../shared/client.ts'
import type { Refused } from '../live/api.ts'
import { freeAddress } from './commands.ts'
import { type Action, knock, open, openCrowd, sendFrom } from './doing.ts'
import { PROXY_USERS, type TransferId, type TaskOf, TUPLE_CLIENTS } from './steps.ts'
import { sharesPort } from './transfer.ts'

/** A second address of the server. A crowd connects to 127.0.0.1. */
const SECOND_BACKEND = '127.0.0.2'
/** Another program may have a port, so more than one is tried. */
const PORTS_TRIED = 10

const CLIENT_PORTS = TUPLE_CLIENTS.map(({ port }) => port)
const HOSTS = { A: 0, B: 1 } as const

/** What the buttons of the questions after the lesson do. */
export const TRANSFER_ACTIONS: Record<TaskOf<TransferId>, Action> = {
  users: (doing) => openCrowd(doing, 'users', PROXY_USERS),

  /** A client port that the proxy has used, for a second address of the server. */
  async backend(doing) {
    const { tried, connections, since } = doing.facts()
    const full = tried.findLast((one) => one.kind === 'crowd')?.crowd.addresses[0]?.address
    const used = connections.filter(({ id, close, remote }) => id > since && close === null && remote.address === full)
    let refused: Refused | null = null
    for (const { remote } of used.slice(0, PORTS_TRIED)) {
      refused = await open(doing, 'backend', { from: { ...remote }, to: { address: SECOND_BACKEND } })
      if (refused?.code !== 'EADDRINUSE') return refused
    }
    return refused
  },

  async binds(doing) {
    const answer = await doing.api.tryListening()
    if (!answer.ok) return answer
    const { trials } = answer.body
    doing.tell({ task: 'binds', kind: 'listened', binds: trials })
    if (sharesPort(trials)) return null
    // An address is missing, or another program has the port there. The first trial may fail: it is on the server's port.
    const failed = trials.slice(1).find(({ code }) => code !== null)
    return failed === undefined ? null : { code: failed.code ?? '', message: failed.local.address }
  },

  /** Three clients with two ports on two addresses. The second one sends. */
  async deliver(doing) {
    const { connections, now } = doing.facts()
    const first = freeAddress(connections, now, CLIENT_PORTS)
    const second = freeAddress(connections, now, CLIENT_PORTS, Number(first.split('.')[3]) + 1)
    const addresses = [first, second]
    const clients: ClientRecord[] = []
    for (const { host, port } of TUPLE_CLIENTS) {
      const from = { address: addresses[HOSTS[host]] ?? first, port }
      const refused = await open(doing, 'deliver', { from }, (client) => clients.push(client))
      if (refused) return refused
    }
    return sendFrom(doing, 'deliver', clients, 1)
  },

  /** The address of one client and the port of another: no socket has both. */
  async knock(doing) {
    const data = doing.facts().tried.flatMap((one) => (one.kind === 'packet' && !one.packet.syn ? one.packet : []))
    const sent = data.at(-1)
    if (sent === undefined) return null
    const remote = { address: sent.remote.address, port: TUPLE_CLIENTS[2].port }
    return knock(doing, 'knock', { remote, local: sent.local })
  },
}
