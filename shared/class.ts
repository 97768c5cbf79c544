export type {
  AskBody,
  ClassFacts,
  ClassQuestion,
  ClassState,
  OpenedClass,
  OwnFacts,
  RosterEntry,
  StudentKey,
} from './schema/class.ts'

/** Limits of a class. */
export const STUDENTS_MAX = 200
export const QUESTIONS_MAX = 50
/** Real connections that a student may have open at the same time. */
export const QUOTA = 3
/** Characters of a name, as people count them. */
export const NAME_MAX = 40

/** Silence after which a student counts as away, and after which the student has left. */
export const AWAY_MS = 30_000
export const LEFT_MS = 15 * 60_000
/** How often a student's page tells that it is there. */
export const HERE_MS = 10_000

/** The loopback address of a student's connections, where the machine has such addresses (Linux: all of 127.0.0.0/8). */
export function addressOfStudent(id: number): string {
  return `127.2.${(id >> 8) & 255}.${id & 255}`
}
