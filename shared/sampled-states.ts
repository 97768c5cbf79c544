import type { SampledState } from './schema/connection.ts'
import type { TcpState } from './vocabulary.ts'

export type { SampledState } from './schema/connection.ts'

/** Of all sockets that no sample has found yet. */
export const NO_STATES: readonly SampledState[] = Object.freeze([])

/** The states that samples have found, with that of the newest sample. @param at the time of the sample, Unix milliseconds */
export function withState(states: readonly SampledState[], state: TcpState, at: number): readonly SampledState[] {
  return states.some((found) => found.state === state) ? states : [...states, { state, at }]
}

/** The states with their times moved by `ms` milliseconds. */
export function statesLater(states: readonly SampledState[], ms: number): readonly SampledState[] {
  return states.length === 0 ? states : states.map(({ state, at }) => ({ state, at: at + ms }))
}
