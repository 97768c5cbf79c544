export type { Action, CloseManyAnswer, RefusedTargets, SendAnswer, SendManyAnswer, Targets } from './schema/action.ts'
export type { Bytes } from './schema/bytes.ts'
export type { ActionKind, CloseAction } from './vocabulary.ts'

/** How many of a connection's newest actions are kept with it. */
export const ACTIONS_KEPT = 50

/** Maximum bytes of a request body, JSON included. */
export const BODY_MAX = 1024 * 1024
