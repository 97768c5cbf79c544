/** The steps in order, each with its tasks in order. */
export const TASKS = {
  listening: ['look'],
  first: ['first'],
  second: ['second'],
  textbook: ['port-0', 'port-1'],
  'same-port': ['same-0', 'same-1'],
  'same-tuple': ['tuple', 'twice'],
  which: ['packet', 'syn'],
  queue: ['stop', 'wait', 'again'],
  closing: ['half', 'release', 'fin', 'reset'],
  exhausted: ['crowd'],
  conclusion: ['all'],
  proxy: ['users', 'backend'],
  services: ['binds'],
  tuples: ['deliver', 'knock'],
} as const

/** The possible predictions. The evidence picks one of them (outcome.ts). */
export const ANSWERS = {
  listening: [],
  first: ['same', 'new', 'client'],
  second: ['local-port', 'remote-ip', 'remote-port'],
  textbook: ['1', '2', '3'],
  'same-port': ['accepted', 'refused', 'replaced'],
  'same-tuple': ['accepted', 'refused', 'replaced'],
  which: ['listening', 'own', 'newest'],
  queue: ['refused', 'handshake', 'lost'],
  closing: ['first', 'second', 'both'],
  exhausted: ['server-port', 'client-ports', 'descriptors'],
  conclusion: ['ports', 'tuples'],
  proxy: ['all', 'server-port', 'this-backend', 'machine'],
  services: ['never', 'address', 'always'],
  tuples: ['one', 'two', 'three', 'listening', 'none'],
} as const satisfies Record<StepId, readonly string[]>

export type StepId = keyof typeof TASKS
export type TaskOf<S extends StepId> = (typeof TASKS)[S][number]
export type TaskId = TaskOf<StepId>
export type AnswerOf<S extends StepId> = (typeof ANSWERS)[S][number]

/** The parts of a question that asks the same of several things. */
export const PARTS: Partial<Record<StepId, readonly string[]>> = { tuples: ['data', 'syn'] }

export const STEP_IDS = [
  'listening',
  'first',
  'second',
  'textbook',
  'same-port',
  'same-tuple',
  'which',
  'queue',
  'closing',
  'exhausted',
  'conclusion',
  'proxy',
  'services',
  'tuples',
] as const satisfies readonly StepId[]

/** The questions after the lesson, about cases that it did not show. */
export const TRANSFER_IDS = ['proxy', 'services', 'tuples'] as const satisfies readonly StepId[]
export type TransferId = (typeof TRANSFER_IDS)[number]

/** Users of the proxy in the first of these questions: more than Linux has ports for one address. */
export const PROXY_USERS = 30_000

/** The clients in the last of these questions. No other client uses these ports, because the kernel does not choose them. */
export const TUPLE_CLIENTS = [
  { host: 'A', port: 20_001 },
  { host: 'B', port: 20_001 },
  { host: 'A', port: 20_002 },
] as const

/** The textbook's two client ports. */
export const TEXTBOOK_PORTS = [50_000, 50_001] as const

/** A requirement of a step that a server may lack. */
export type Need = 'write' | 'switch' | 'crowd' | 'kernel' | 'ipv4' | 'addresses'

const NEEDS: Partial<Record<StepId, readonly Need[]>> = {
  'same-port': ['ipv4'],
  'same-tuple': ['write'],
  which: ['write'],
  queue: ['write', 'switch', 'kernel'],
  closing: ['write'],
  exhausted: ['write', 'ipv4', 'crowd'],
  proxy: ['write', 'ipv4', 'crowd', 'addresses'],
  services: ['write'],
  tuples: ['write', 'ipv4'],
}

/** @returns the missing requirement, or null */
export function missing(step: StepId, server: Record<Need, boolean>): Need | null {
  return NEEDS[step]?.find((need) => !server[need]) ?? null
}
