/* eslint svelte/prefer-svelte-reactivity: off -- the maps are derived anew from each frame and never changed */
import { createContext } from 'svelte'
import { addressOfStudent, type ClassState } from '../../shared/class.ts'
import type { ServerLink } from './server-link.svelte.ts'

/** The class as everybody in it sees it. */
export class Classroom {
  /** Null: no class is open. */
  state = $state.raw<ClassState | null>(null)
  /** The number of this page's student; null for a teacher, and for those who only watch. */
  student = $state<number | null>(null)
  /** The class that this page has seen is over. */
  ended = $state(false)
  /** This page was a student's, and the student was removed. */
  removed = $state(false)
  /** Hides the names on this page. */
  namesHidden = $state(false)
  readonly #names = $derived(
    new Map(this.state?.students.flatMap(({ name, connections }) => connections.map((id) => [id, name] as const))),
  )
  readonly #addresses = $derived(
    new Map(this.state?.students.map(({ id, name }) => [addressOfStudent(id), name] as const)),
  )
  #heard = false

  constructor(link: Pick<ServerLink, 'subscribe'>) {
    link.subscribe({
      hello: () => (this.#heard = false),
      class: ({ class: state, student }) => {
        this.#heard = true
        this.#take(state, student)
      },
      // After its hello, the server sends the class only while one is open.
      snapshot: ({ last }) => {
        if (last && !this.#heard) this.#take(null, null)
      },
    })
  }

  #take(state: ClassState | null, student: number | null): void {
    this.removed = state !== null && student === null && (this.removed || this.student !== null)
    this.ended = state === null && (this.ended || this.state !== null)
    this.state = state
    this.student = student
  }

  /** Whether the teacher has not opened this step of the lesson yet. @param step from 0 */
  holds(step: number): boolean {
    const pace = this.state?.pace ?? null
    return this.student !== null && pace !== null && step > pace
  }

  /** The student who owns the connection; null if nobody does, and while names are hidden. */
  nameOf(connection: number): string | null {
    return this.namesHidden ? null : (this.#names.get(connection) ?? null)
  }

  /** The student whose connections come from this address. */
  nameAt(address: string): string | null {
    return this.namesHidden ? null : (this.#addresses.get(address) ?? null)
  }
}

export const [getClassroom, setClassroom] = createContext<Classroom>()
