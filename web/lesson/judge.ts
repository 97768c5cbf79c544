import { isWaiting } from '../../shared/kernel.ts'
import { CROWD_ADDRESSES_MAX, type Evidence, type SocketFact } from './evidence.ts'
import { confirmed, type Facts, isConfirmed, listeningFact, tupleOf, type MatchedConnection } from './facts.ts'
import { crowdFound, type Found, NOTHING, openedIn, packetsFound, socketFacts, TAKEN } from './found.ts'
import { isOwn } from './own.ts'
import { stray, whose } from './stray.ts'
import { type StepId, type TaskId, TASKS, TEXTBOOK_PORTS } from './steps.ts'
import { TRANSFER_JUDGES } from './transfer.ts'

const JUDGES: Record<StepId, (facts: Facts) => Found> = {
  listening(facts) {
    const { listener, kernel } = facts
    const seen = kernel?.listeners.some(({ inode, tcpState }) => inode === listener.inode && tcpState === 'LISTEN')
    // If the server did not open the socket itself, its inode is unknown.
    const unknown = kernel === null || listener.inode === null
    return { ...NOTHING, done: [listener.state !== 'down' && (unknown || seen === true)] }
  },

  first(facts) {
    const row = fresh(facts)[0]
    return { ...NOTHING, done: [row !== undefined], sockets: socketFacts(facts, row), stray: row ? null : stray(facts) }
  },

  second(facts) {
    const address = facts.earlier[0]?.remote?.address
    const fits = (row: MatchedConnection) => address === undefined || row.remote.address === address
    const newest = fresh(facts).findLast(fits)
    const other = ownConfirmed(facts).find(
      (row) =>
        row.id !== newest?.id &&
        row.remote.address === newest?.remote.address &&
        row.remote.port !== newest.remote.port,
    )
    const pair = newest !== undefined && other !== undefined
    return {
      ...NOTHING,
      done: [pair],
      sockets: socketFacts(facts, ...(pair ? [other, newest] : [newest ?? ownConfirmed(facts).find(fits)])),
      stray: pair ? null : stray(facts, (row) => (fits(row) ? null : 'other-ip')),
    }
  },

  textbook(facts) {
    const rows = TEXTBOOK_PORTS.map((port) => fresh(facts).find(({ remote }) => remote.port === port))
    const done = rows.map((row) => row !== undefined)
    const wrong = (row: MatchedConnection) =>
      TEXTBOOK_PORTS.some((port) => port === row.remote.port) ? null : 'other-port'
    return {
      ...NOTHING,
      done,
      sockets: socketFacts(facts, ...rows),
      stray: done.every(Boolean) ? null : stray(facts, wrong),
    }
  },

  'same-port'(facts) {
    const rows = ownConfirmed(facts)
    for (const row of fresh(facts).reverse()) {
      const twin = rows.find(({ remote }) => remote.port === row.remote.port && remote.address !== row.remote.address)
      if (twin) return { ...NOTHING, done: [true, true], sockets: socketFacts(facts, twin, row) }
    }
    const [first, ...others] = fresh(facts)
    const later = others.at(-1)
    const sameIp = later?.remote.address === first?.remote.address
    const fits = (row: MatchedConnection) =>
      first === undefined || (row.remote.port === first.remote.port && row.remote.address !== first.remote.address)
    return {
      ...NOTHING,
      done: [first !== undefined, false],
      sockets: socketFacts(facts, first),
      stray: stray(facts, (row) => (row === first || fits(row) ? null : sameIp ? 'same-ip' : 'other-port')),
    }
  },

  'same-tuple'(facts) {
    const row = openedIn(facts, 'tuple').find((one) => isConfirmed(facts, one))
    const refusal = facts.tried.flatMap((one) => (one.kind === 'refused' ? one.refusal : []))
    // The refusal counts only while the first connection is open, because a missing address can cause the same error.
    const same = row && refusal.findLast((one) => TAKEN.includes(one.code) && tupleOf(one) === tupleOf(row))
    return {
      ...NOTHING,
      done: [row !== undefined, same !== undefined],
      sockets: socketFacts(facts, row),
      refusal: same ?? null,
    }
  },

  which(facts) {
    const { done, packets } = packetsFound(facts)
    const syn = packets.find((one) => one.syn)
    const rows = [...openedIn(facts, 'packet'), ...facts.connections.filter(({ id }) => id === syn?.got)]
    return { ...NOTHING, done, sockets: socketFacts(facts, ...rows), packets }
  },

  queue(facts) {
    const { listener, kernel } = facts
    const [waited, others] = byOwner(facts)
    const still = new Set(kernel?.unmatched.filter(isWaiting).map(tupleOf))
    const served = facts.connections.filter(
      (row) =>
        row.id > facts.since &&
        (row.kernel?.inode ?? 0) > 0 &&
        waited.some((socket) => tupleOf(socket) === tupleOf(row)),
    )
    const again =
      listener.state === 'accepting' && served.length > 0 && !waited.some((socket) => still.has(tupleOf(socket)))
    return {
      ...NOTHING,
      done: [listener.state === 'paused' || waited.length > 0, waited.length > 0, again],
      sockets: socketFacts(facts, ...(again ? served : [])),
      waited,
      stray: waited.length === 0 ? whose(others) : null,
    }
  },

  closing(facts) {
    const { kernel } = facts
    const last = (task: TaskId) => openedIn(facts, task).at(-1)
    const [half, fin, reset] = [last('half'), last('fin'), last('reset')]
    const saw = (row: MatchedConnection | undefined, state: string) =>
      row?.sampledStates.some((found) => found.state === state) === true
    const ended = (row: MatchedConnection | undefined, by: string, how: string) =>
      row?.close?.by === by && row.close.how === how ? row : undefined
    const byServer = ended(fin, 'server', 'fin')
    const byReset = ended(reset, 'peer', 'reset')
    // Without the kernel's facts the socket may still be there.
    const gone = (row: MatchedConnection) => row.forgottenAt !== undefined
    return {
      ...NOTHING,
      done: [
        // Without the kernel nobody sees the FIN before the program reads it.
        kernel === null ? half !== undefined : saw(half, 'CLOSE_WAIT'),
        half?.close?.how === 'fin',
        // A kernel short of memory keeps no TIME_WAIT socket. That it existed is then inferred.
        byServer !== undefined && (kernel === null || saw(fin, 'TIME_WAIT') || gone(byServer)),
        byReset !== undefined && (kernel === null || gone(byReset)),
      ],
      sockets: socketFacts(facts, half, fin, reset),
    }
  },

  exhausted(facts) {
    const { done, rows, crowd } = crowdFound(facts)
    const one = crowd?.addresses.map(({ address }) => rows.find(({ remote }) => remote.address === address)) ?? []
    return { ...NOTHING, done: [done], sockets: socketFacts(facts, ...one).slice(0, CROWD_ADDRESSES_MAX), crowd }
  },

  conclusion(facts) {
    const own = new Set(facts.earlier.map(({ id }) => id))
    const rows = ownConfirmed(facts).filter(({ id }) => id > facts.since || own.has(id))
    // Earlier connections alone are not enough; the step needs a new one.
    const more = rows.some(({ id }) => id > facts.since)
    // Clients opened by one button count only once all of them are there.
    const pending = openedIn(facts, 'all').some((row) => row.close === null && !isConfirmed(facts, row))
    return { ...NOTHING, done: [more && !pending && isProof(rows)], sockets: socketFacts(facts, ...rows) }
  },

  ...TRANSFER_JUDGES,
}

/** @returns what has been found of the step's evidence */
export function judge(step: StepId, facts: Facts): Found {
  return JUDGES[step](facts)
}

/** @returns the step's evidence once it is complete */
export function evidence(step: StepId, facts: Facts): Evidence | null {
  const { done, sockets, waited, refusal, packets, crowd, binds } = judge(step, facts)
  if (done.length < TASKS[step].length || done.includes(false)) return null
  const { now: at, instance, kernel } = facts
  const witness = kernel === null ? 'server' : 'kernel'
  return {
    at,
    instance,
    witness,
    listening: listeningFact(facts),
    sockets,
    waited,
    refusal,
    packets,
    crowd,
    binds: [...binds],
  }
}

/** The learner's own confirmed connections, oldest first. */
function ownConfirmed(facts: Facts): MatchedConnection[] {
  return confirmed(facts).filter((row) => isOwn(facts.own, row))
}

/** Those newer than the step. */
function fresh(facts: Facts): MatchedConnection[] {
  return ownConfirmed(facts).filter(({ id }) => id > facts.since)
}

/** The sockets that waited in the accept queue: the learner's, and those that may be. */
function byOwner({ waited, own }: Facts): [own: SocketFact[], others: SocketFact[]] {
  const others = waited.filter((socket) => !isOwn(own, socket) && !own.denied.has(tupleOf(socket)))
  return [waited.filter((socket) => isOwn(own, socket)), others]
}

/** One local port, and as many remote endpoints, inodes and descriptors as sockets. */
function isProof(rows: MatchedConnection[]): boolean {
  const count = (of: (row: MatchedConnection) => unknown) => new Set(rows.map(of)).size
  const known = rows.every(({ kernel }) => kernel !== null)
  return (
    rows.length >= 3 &&
    count(({ local }) => local.port) === 1 &&
    count(tupleOf) === rows.length &&
    count(({ fd }) => fd) === rows.length &&
    (!known || count(({ kernel }) => kernel?.inode) === rows.length)
  )
}
