import type { Endpoint } from '../../shared/endpoint.ts'
import type { CrowdFact, RefusalFact, SocketFact } from './evidence.ts'
import type { StepId } from './steps.ts'

/** One client and its part of the port. */
export interface Line {
  /** `sketch`: not there yet. */
  fate: 'open' | 'over' | 'waiting' | 'refused' | 'sketch'
  client: Endpoint | null
  socket: SocketFact | null
}

export interface Scene {
  port: number
  listening: SocketFact
  lines: Line[]
  /** Lines without room in the drawing. */
  more: number
}

const LINES_MAX = 7

/** Number of clients in each step. */
const CAST: Record<StepId, number> = {
  listening: 0,
  first: 1,
  second: 2,
  textbook: 2,
  'same-port': 2,
  'same-tuple': 2,
  which: 3,
  queue: 3,
  closing: 3,
  exhausted: 3,
  conclusion: 4,
  proxy: 3,
  services: 0,
  tuples: 3,
}

export interface Shown {
  sockets: readonly SocketFact[]
  waited: readonly SocketFact[]
  refusal: RefusalFact | null
  crowd: CrowdFact | null
}

/** The step's drawing: the evidence so far, and a sketch of what is missing. */
export function sceneOf(step: StepId, listening: SocketFact, { sockets, waited, refusal, crowd }: Shown): Scene {
  const lines: Line[] = sockets.map((socket) => ({
    fate: socket.end === null ? 'open' : 'over',
    client: socket.remote,
    socket,
  }))
  // After accept() they are ordinary connected sockets.
  if (sockets.length === 0) for (const socket of waited) lines.push({ fate: 'waiting', client: socket.remote, socket })
  if (refusal) lines.push({ fate: 'refused', client: refusal.remote, socket: null })
  while (lines.length < CAST[step]) lines.push({ fate: 'sketch', client: null, socket: null })
  return {
    port: listening.local.port,
    listening,
    lines: lines.slice(0, LINES_MAX),
    // Of a crowd, each address has one line.
    more: Math.max(0, (crowd?.size ?? lines.length) - Math.min(lines.length, LINES_MAX)),
  }
}
