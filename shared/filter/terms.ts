import type { Connection } from '../connection.ts'
import { ageMs, idleMs } from '../durations.ts'
import { CLOSE_BY, CLOSE_HOW, CONNECTION_STATES, PROBLEMS, RESET_BY, TCP_STATES } from '../vocabulary.ts'
import { exactAddress, readIp, readPorts } from './client-end.ts'
import { compareWith, readQuantity, SIZE_UNITS, TIME_UNITS, type Units } from './quantity.ts'
import type { Test } from './subject.ts'

interface Kind {
  operators: readonly string[]
  /** @returns null if the term does not take this value */
  read: (value: string, operator: string) => Test | null
  /** True if connections match or stop matching without a change: as time passes, or with a new sample. */
  timed: boolean
}

const IS = [':']
const COMPARES = ['>', '<', '>=', '<=']

/** Every term but `text:`, which the connection's record cannot answer. */
const KINDS: Record<string, Kind> = {
  ip: {
    operators: [':', '='],
    read: (value, operator) => (operator === '=' ? exactAddress(value) : readIp(value)),
    timed: false,
  },
  port: fact(readPorts),
  state: fact(readState),
  kernel: fact((value) => among(value, TCP_STATES, ({ kernel }) => kernel?.tcpState ?? null)),
  protocol: fact(readProtocol),
  problem: fact((value) =>
    isAny(value)
      ? ({ connection }) => connection.problem !== null
      : among(value, PROBLEMS, ({ problem }) => problem?.code ?? null),
  ),
  by: fact((value) => sides(value, CLOSE_BY, ({ close }) => close?.by ?? null)),
  how: fact((value) => startsLike(value, CLOSE_HOW, ({ close }) => close?.how ?? null)),
  reset: fact((value) => {
    if (isAny(value)) return ({ connection: { close } }) => close !== null && close.reset !== null
    if (value === 'none') return ({ connection: { close } }) => close !== null && close.reset === null
    return sides(value, RESET_BY, ({ close }) => close?.reset ?? null)
  }),
  owner: fact(readOwner),
  bytes: quantity(SIZE_UNITS, ({ bytesIn, bytesOut }) => bytesIn + bytesOut),
  sendq: sampled(({ kernel }) => kernel?.sendQueue ?? null),
  recvq: sampled(({ kernel }) => kernel?.recvQueue ?? null),
  age: { ...quantity(TIME_UNITS, ageMs), timed: true },
  idle: { ...quantity(TIME_UNITS, idleMs), timed: true },
}

/** `text:` finds connections by their captured bytes. */
export const TEXT = 'text'

/** How terms begin. */
export const TERM_STARTS: readonly string[] = [
  ...Object.entries(KINDS).flatMap(([key, { operators }]) =>
    operators.filter((operator) => operator.length === 1).map((operator) => key + operator),
  ),
  `${TEXT}:`,
]

/** @returns null if there is no such term, or if it does not take this value */
export function readTerm(key: string, operator: string, value: string): { test: Test; timed: boolean } | null {
  const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined
  if (kind === undefined || value === '' || !kind.operators.includes(operator)) return null
  const test = kind.read(value.toLowerCase(), operator)
  return test === null ? null : { test, timed: kind.timed }
}

function fact(read: Kind['read']): Kind {
  return { operators: IS, read, timed: false }
}

/** Compares a value of the connection. An unknown value is neither more nor less. */
function quantity(units: Units, of: (connection: Connection, now: number) => number | null): Kind {
  const read: Kind['read'] = (value, operator) => {
    const holds = compareWith(operator, readQuantity(value, units))
    if (holds === null) return null
    return ({ connection, now }) => {
      const measured = of(connection, now)
      return measured !== null && holds(measured)
    }
  }
  return { operators: COMPARES, read, timed: false }
}

/** A size in bytes that each sample may change. */
function sampled(of: (connection: Connection) => number | null): Kind {
  return { ...quantity(SIZE_UNITS, of), timed: true }
}

function isAny(value: string): boolean {
  return value === 'any' || value === '*'
}

type WordOf = (connection: Connection) => string | null

/** The words that start with the value. */
function startsLike(value: string, words: readonly string[], of: WordOf): Test | null {
  const meant = words.filter((word) => word.toLowerCase().startsWith(value))
  if (meant.length === 0) return null
  return ({ connection }) => {
    const word = of(connection)
    return word !== null && meant.includes(word)
  }
}

/** `none`: there is no word. */
function among(value: string, words: readonly string[], of: WordOf): Test | null {
  return value === 'none' ? ({ connection }) => of(connection) === null : startsLike(value, words, of)
}

/** `client` is the page's word for `peer`. */
function sides(value: string, words: readonly string[], of: WordOf): Test | null {
  return startsLike('client'.startsWith(value) ? 'peer' : value, words, of)
}

function readState(value: string): Test | null {
  if (value === 'live') return ({ connection }) => connection.close === null
  return startsLike(value, CONNECTION_STATES, ({ state }) => state)
}

/** By name, or by the server name that the client asks for. */
function readProtocol(value: string): Test {
  if (value === 'none') return ({ connection }) => connection.protocol === null
  return ({ connection: { protocol } }) =>
    protocol !== null &&
    (protocol.name.toLowerCase().startsWith(value) || (protocol.serverName?.toLowerCase().includes(value) ?? false))
}

/** Who holds the client's own socket, if the client runs on this machine. */
function readOwner(value: string): Test {
  return ({ connection: { otherEnd } }) => {
    const owner = otherEnd?.owner ?? null
    if (owner === null) return value === 'none'
    const { pid, command, user } = owner
    return String(pid) === value || [command, user].some((name) => name?.toLowerCase().startsWith(value))
  }
}
