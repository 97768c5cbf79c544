export type { Action, CloseManyAnswer, RefusedTargets, SendAnswer, SendManyAnswer, Targets } from './schema/action.ts'
export type { Bytes } from './schema/bytes.ts'
export type { ActionKind, CloseAction } from './vocabulary.ts'

/** How many of its newest actions are kept for each connection. */
export const ACTIONS_KEPT = 50

/** Limit of a request body in bytes. */
export const BODY_MAX = 1024 * 1024
