import { randomUUID } from 'node:crypto'
import {
  type AskBody,
  type ClassFacts,
  type ClassQuestion,
  type ClassState,
  LEFT_MS,
  QUESTIONS_MAX,
  type RosterEntry,
  STUDENTS_MAX,
} from '../../shared/class.ts'
import { cleanName, cleanText, looks, unlike } from './name.ts'
import { digest, isSame, newCode, newSecret, plainCode } from './secrets.ts'

/** Connections of a student that keep the student's name after they have closed. */
const NAMED_MAX = 20
/** Students kept, together with those who have left. */
const KEPT_MAX = 5 * STUDENTS_MAX
/** Rate limit for the requests of each student: a burst, then a steady rate. */
const BURST = 20
const PER_SECOND = 10

export interface Student {
  id: number
  name: string
  /** Ids of built-in clients, newest last. */
  clients: number[]
  /** Connections that are being opened. */
  opening: number
  /** Their connections at the server. */
  connections: number[]
  step: number | null
  stuck: boolean
  heardAt: number
  answers: Map<number, number>
  /** The student has left or was removed; the answers are kept. */
  gone: boolean
  /** Requests that the student may send now, and when that was counted. */
  allowance: { left: number; at: number }
}

interface Question {
  id: number
  text: string
  options: string[]
  right: number | null
  askedAt: number
  revealed: boolean
}

/** Why the class refuses. */
export class ClassError extends Error {
  readonly code: 'CLASS_FULL' | 'NAME_UNUSABLE' | 'NO_QUESTION' | 'QUESTION_OVER' | 'TOO_MANY_QUESTIONS' | 'INVALID'

  constructor(code: ClassError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** One class, from opening to end: who is in it, what was asked, what was answered. It knows nothing of sockets. */
export class Session {
  readonly id = randomUUID()
  readonly secret = newSecret()
  readonly code = newCode()
  openedAt: number
  pace: number | null = null
  readonly #students = new Map<number, Student>()
  /** By the digest of the student's key. */
  readonly #keys = new Map<string, Student>()
  readonly #questions: Question[] = []
  nextId: number

  /** @param firstId the number of the first student */
  constructor(now: number, firstId = 1) {
    this.openedAt = now
    this.nextId = firstId
  }

  isSecret(given: string): boolean {
    return isSame(given, this.secret)
  }

  isCode(typed: string): boolean {
    return isSame(plainCode(typed), this.code)
  }

  get present(): Student[] {
    return [...this.#students.values()].filter(({ gone }) => !gone)
  }

  /** @throws ClassError */
  join(typed: string, now: number): { student: Student; key: string } {
    const name = cleanName(typed)
    if (name === null) throw new ClassError('NAME_UNUSABLE', 'A name has 1 to 40 characters that can be seen.')
    const { present } = this
    if (present.length >= STUDENTS_MAX) {
      throw new ClassError('CLASS_FULL', `${STUDENTS_MAX} students are in the class already.`)
    }
    this.#forgetGone()
    const key = newSecret()
    const student: Student = {
      id: this.nextId++,
      name: unlike(name, new Set(present.map((other) => looks(other.name)))),
      clients: [],
      opening: 0,
      connections: [],
      step: null,
      stuck: false,
      heardAt: now,
      answers: new Map(),
      gone: false,
      allowance: { left: BURST, at: -Infinity },
    }
    this.#students.set(student.id, student)
    this.#keys.set(nameOf(key), student)
    return { student, key }
  }

  /** Those who have left keep their answers, but not without end. Those without an answer are forgotten first. */
  #forgetGone(): void {
    if (this.#students.size < KEPT_MAX) return
    const gone = [...this.#students.values()].filter((student) => student.gone)
    const first = gone.find(({ answers }) => answers.size === 0) ?? gone[0]
    if (first === undefined) return
    this.#students.delete(first.id)
    for (const [name, student] of this.#keys) if (student === first) this.#keys.delete(name)
  }

  /** The student with this key, also one who is gone; null for a wrong key. */
  holderOf(key: string): Student | null {
    return this.#keys.get(nameOf(key)) ?? null
  }

  student(id: number): Student | null {
    const student = this.#students.get(id)
    return student === undefined || student.gone ? null : student
  }

  leave(student: Student): void {
    student.gone = true
  }

  /** Those of whom nothing was heard for LEFT_MS. */
  overdue(now: number): Student[] {
    return this.present.filter(({ heardAt }) => now - heardAt > LEFT_MS)
  }

  /** The student has asked for something. @param monotonic another clock, which is not set @returns false if the student asks too often */
  mayAsk(student: Student, now: number, monotonic: number): boolean {
    student.heardAt = now
    const { left, at } = student.allowance
    const allowed = Math.min(BURST, left + (Math.max(0, monotonic - at) / 1000) * PER_SECOND)
    student.allowance = { left: Math.max(0, allowed - 1), at: monotonic }
    return allowed >= 1
  }

  here(student: Student, told: { step?: number; stuck?: boolean }): void {
    student.step = told.step ?? student.step
    student.stuck = told.stuck ?? student.stuck
  }

  connected(student: Student, client: { id: number; connectionId: number | null }): void {
    student.clients.push(client.id)
    if (client.connectionId !== null) this.named(student, client.connectionId)
  }

  /** @returns false if the connection is the student's already */
  named(student: Student, connection: number): boolean {
    if (student.connections.includes(connection)) return false
    student.connections = [...student.connections, connection].slice(-NAMED_MAX)
    return true
  }

  /** @returns the question's id @throws ClassError */
  ask({ text, options, right }: AskBody, now: number): number {
    if (right !== undefined && right >= options.length) throw new ClassError('INVALID', 'There is no such option.')
    if (this.#questions.length >= QUESTIONS_MAX) {
      throw new ClassError('TOO_MANY_QUESTIONS', `${QUESTIONS_MAX} questions were asked in this class.`)
    }
    const id = this.#questions.length + 1
    const [question, ...clean] = [text, ...options].map(cleanText)
    if (question === undefined || [question, ...clean].includes('')) {
      throw new ClassError('INVALID', 'A question and its options have characters that can be seen.')
    }
    this.#questions.push({ id, text: question, options: clean, right: right ?? null, askedAt: now, revealed: false })
    return id
  }

  /** @throws ClassError */
  reveal(): void {
    const question = this.#questions.at(-1)
    if (question === undefined) throw new ClassError('NO_QUESTION', 'No question was asked.')
    question.revealed = true
  }

  /** The last answer counts, until the question is revealed. @throws ClassError */
  answer(student: Student, id: number, option: number): void {
    const question = this.#questions.at(-1)
    if (question === undefined || question.id !== id || question.revealed) {
      throw new ClassError('QUESTION_OVER', 'This question is over.')
    }
    if (option >= question.options.length) throw new ClassError('INVALID', 'There is no such option.')
    student.answers.set(id, option)
  }

  answerOf({ answers }: Student): number | null {
    return answers.get(this.#questions.length) ?? null
  }

  /** Moves all times after the system's clock was set. @param ms the step in milliseconds */
  shift(ms: number): void {
    this.openedAt += ms
    for (const student of this.#students.values()) student.heardAt += ms
    for (const question of this.#questions) question.askedAt += ms
  }

  state(): ClassState {
    const { id, openedAt, pace, present } = this
    const newest = this.#questions.at(-1)
    return {
      ...{ id, openedAt, pace },
      students: present.map(({ id: number, name, connections }) => ({ id: number, name, connections })),
      question: newest ? this.#described(newest) : null,
    }
  }

  facts(): Omit<ClassFacts, 'opened' | 'addresses'> {
    return {
      state: this.state(),
      roster: Array.from(this.#students.values(), rosterEntry),
      questions: this.#questions.map((question) => ({
        ...this.#described(question),
        counts: this.#counts(question),
        right: question.right,
      })),
    }
  }

  #described(question: Question): ClassQuestion {
    const { id, text, options, askedAt, right } = question
    const counts = this.#counts(question)
    const answered = counts.reduce((sum, count) => sum + count, 0)
    return { id, text, options, askedAt, answered, revealed: question.revealed ? { counts, right } : null }
  }

  #counts({ id, options }: Question): number[] {
    const counts = options.map(() => 0)
    for (const { answers } of this.#students.values()) {
      const option = answers.get(id)
      if (option !== undefined) counts[option] = (counts[option] ?? 0) + 1
    }
    return counts
  }
}

function rosterEntry({ answers, ...student }: Student): RosterEntry {
  const { id, name, connections, step, stuck, heardAt, gone } = student
  return { id, name, connections, step, stuck, heardAt, gone, answers: Object.fromEntries(answers) }
}

const nameOf = (key: string): string => digest(key).toString('base64url')
