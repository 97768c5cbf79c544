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
} as const satisfies Record<StepId, readonly string[]>

export type StepId = keyof typeof TASKS
export type TaskOf<S extends StepId> = (typeof TASKS)[S][number]
export type TaskId = TaskOf<StepId>
export type AnswerOf<S extends StepId> = (typeof ANSWERS)[S][number]

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
] as const satisfies readonly StepId[]

/** The textbook's two client ports. */
export const TEXTBOOK_PORTS = [50_000, 50_001] as const

/** A requirement of a step that a server may lack. */
export type Need = 'write' | 'switch' | 'crowd' | 'kernel' | 'ipv4'

const NEEDS: Partial<Record<StepId, readonly Need[]>> = {
  'same-port': ['ipv4'],
  'same-tuple': ['write'],
  which: ['write'],
  queue: ['write', 'switch', 'kernel'],
  closing: ['write'],
  exhausted: ['write', 'ipv4', 'crowd'],
}

/** @returns the missing requirement, or null */
export function missing(step: StepId, server: Record<Need, boolean>): Need | null {
  return NEEDS[step]?.find((need) => !server[need]) ?? null
}
