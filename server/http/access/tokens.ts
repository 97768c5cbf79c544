import { timingSafeEqual } from 'node:crypto'
import type { ClassRoom } from '../../class/class-room.ts'
import type { Student } from '../../class/session.ts'
import { digest, newSecret } from '../../class/secrets.ts'

/** `join`: views only; with a class's secret, it can also join that class. `student`: views, and acts on own connections only. */
export type Right = 'full' | 'join' | 'student'

export interface Holder {
  right: Right
  student: Student | null
  /** The class whose secret or key it is; null: of none. */
  classId: string | null
}

/**
 * The tokens of this run. The join token is random. A join token derived from the server's token would let anyone with
 * the class link test guesses of that token offline.
 */
export class Tokens {
  readonly join = newSecret()
  /** Null: nobody has full rights at this listener. */
  readonly #full: Buffer | null
  readonly #join = digest(this.join)
  readonly #room: Pick<ClassRoom, 'session'>

  constructor(full: string | null, room: Pick<ClassRoom, 'session'>) {
    this.#full = full === null ? null : digest(full)
    this.#room = room
  }

  /** Compares in constant time, so its duration reveals nothing. */
  holderOf(given: string): Holder | null {
    const sent = digest(given)
    const isFull = this.#full !== null && timingSafeEqual(sent, this.#full)
    const isJoin = timingSafeEqual(sent, this.#join)
    const { session } = this.#room
    const isSecret = session?.isSecret(given) === true
    // Found by its digest, so the time taken says nothing of the key.
    const student = session?.holderOf(given) ?? null
    const classId = isSecret || student !== null ? (session?.id ?? null) : null
    if (isFull) return { right: 'full', student: null, classId: null }
    if (student?.gone === false) return { right: 'student', student, classId }
    // One who has left can join again.
    return isJoin || classId !== null ? { right: 'join', student: null, classId } : null
  }
}
