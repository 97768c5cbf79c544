import { bytesOfText, type Rule } from '../../shared/script.ts'
import type { Behaves, ServedConnection } from './behaviors.ts'

/** Answers of about this many bytes are sent in one turn, so that one client cannot stall the others. */
const TURN_BYTES = 16 * 1024

/** A rule, prepared for a search that looks at each byte once (Knuth, Morris, Pratt). */
interface Pattern {
  when: Uint8Array
  answer: Buffer
  /** For each length of a match that is broken off: the longest shorter one that may go on. */
  shorter: Uint16Array
}

interface State {
  /** How many bytes of each rule match so far. */
  matched: Uint16Array
  /** What has been read and not been searched yet. */
  rest: Buffer | null
}

/**
 * Answers by rules. The rule whose bytes are complete first answers, the first in the list if several are, and the search
 * continues after them. Chunk boundaries make no difference. Like echo, it stops reading until its answers have room.
 */
export class Scripted implements Behaves {
  readonly name = 'scripted'
  readonly #patterns: Pattern[]
  readonly #states = new WeakMap<ServedConnection, State>()

  constructor(rules: readonly Rule[]) {
    this.#patterns = rules.map(pattern)
  }

  opened(connection: ServedConnection): void {
    this.#states.delete(connection)
    if (connection.full) connection.waitForRoom()
  }

  data(connection: ServedConnection, chunk: Buffer): void {
    const state = this.#stateOf(connection)
    state.rest = state.rest === null ? chunk : Buffer.concat([state.rest, chunk])
    this.#answer(connection, state)
  }

  drained(connection: ServedConnection): void {
    this.#answer(connection, this.#stateOf(connection))
  }

  ended(connection: ServedConnection): void {
    connection.answerFin()
  }

  #stateOf(connection: ServedConnection): State {
    let state = this.#states.get(connection)
    if (state === undefined) {
      state = { matched: new Uint16Array(this.#patterns.length), rest: null }
      this.#states.set(connection, state)
    }
    return state
  }

  #answer(connection: ServedConnection, state: State): void {
    const bytes = state.rest ?? Buffer.alloc(0)
    const answers: Buffer[] = []
    let size = 0
    let at = 0
    while (at < bytes.length && size < TURN_BYTES) {
      const answer = this.#step(state.matched, bytes[at++] ?? 0)
      if (answer === null || answer.length === 0) continue
      answers.push(answer)
      size += answer.length
    }
    state.rest = at < bytes.length && connection.socket.writable ? bytes.subarray(at) : null
    if (size > 0) connection.write(answers.length === 1 ? (answers[0] ?? bytes) : Buffer.concat(answers))
    if (connection.full) connection.waitForRoom()
    else if (state.rest === null) connection.roomAgain()
    else {
      connection.waitForRoom()
      connection.later((same) => this.#answer(same, state))
    }
  }

  /** @returns the answer of the rule that the byte completes */
  #step(matched: Uint16Array, byte: number): Buffer | null {
    for (let i = 0; i < this.#patterns.length; i++) {
      const one = this.#patterns[i]
      if (one === undefined) continue
      let length = matched[i] ?? 0
      while (length > 0 && one.when[length] !== byte) length = one.shorter[length] ?? 0
      if (one.when[length] === byte) length++
      if (length === one.when.length) {
        matched.fill(0)
        return one.answer
      }
      matched[i] = length
    }
    return null
  }
}

function pattern({ when: text, answer }: Rule): Pattern {
  const when = bytesOfText(text) ?? new Uint8Array()
  const shorter = new Uint16Array(when.length)
  let length = 0
  for (let i = 1; i < when.length; i++) {
    shorter[i] = length
    while (length > 0 && when[length] !== when[i]) length = shorter[length] ?? 0
    if (when[length] === when[i]) length++
  }
  return { when, answer: Buffer.from(bytesOfText(answer) ?? []), shorter }
}
