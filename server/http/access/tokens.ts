import { timingSafeEqual } from 'node:crypto'
import type { ClassRoom } from '../../class/class-room.ts'
import type { Student } from '../../class/session.ts'
import { digest, newSecret } from '../../class/secrets.ts'

/** `join`: the view-only link for a class, which can also become a student. `student`: views, and acts on own connections only. */
export type Right = 'full' | 'join' | 'student'

export interface Holder {
  right: Right
  student: Student | null
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
    const student = session?.studentOf(given) ?? null
    if (isFull) return { right: 'full', student: null }
    if (student !== null) return { right: 'student', student }
    return isJoin || isSecret ? { right: 'join', student: null } : null
  }
}
