import type { Listener } from '../../../shared/stream.ts'
import { COUNTERS } from './rows.ts'

/** A dual-stack listening socket that accepts. */
export const LISTENER: Listener = {
  local: { address: '::', port: 8080 },
  family: 6,
  dualStack: true,
  pid: 1,
  fd: 3,
  inode: 5,
  state: 'accepting',
  pausedUntil: null,
  fault: null,
  unresponsive: false,
  behavior: 'echo',
  rules: [],
  greeting: true,
  greetingLanguage: 'en',
  since: 0,
  restarts: 0,
  backlog: 511,
  maxConnections: 100,
  closedKept: 10_000,
  descriptorLimit: 1024,
  acceptQueue: null,
  containerGateway: null,
  problems: [],
  pastProblems: [],
  counters: COUNTERS,
}
