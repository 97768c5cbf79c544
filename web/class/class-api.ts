import type { AskBody, ClassFacts, OpenedClass, OwnFacts, StudentKey } from '../../shared/class.ts'
import { type Answer, Api } from '../live/api.ts'

/** The page's requests about a class. A student's clients are requested like the built-in ones (live/api.ts). */
export class ClassApi {
  readonly #api: Pick<Api, 'ask'>

  constructor(api: Pick<Api, 'ask'>) {
    this.#api = api
  }

  // Only the teacher may ask for these.

  facts(): Promise<Answer<ClassFacts>> {
    return this.#api.ask('GET', 'class')
  }

  open(address: string): Promise<Answer<OpenedClass>> {
    return this.#api.ask('POST', 'class', { address })
  }

  end(): Promise<Answer<null>> {
    return this.#api.ask('DELETE', 'class')
  }

  question(question: AskBody): Promise<Answer<{ id: number }>> {
    return this.#api.ask('POST', 'class/questions', question)
  }

  reveal(): Promise<Answer<null>> {
    return this.#api.ask('POST', 'class/reveal')
  }

  setPace(step: number | null): Promise<Answer<null>> {
    return this.#api.ask('POST', 'class/pace', { step })
  }

  remove(student: number): Promise<Answer<null>> {
    return this.#api.ask('DELETE', `class/students/${student}`)
  }

  // Students ask for these.

  /** Needs no token. @param code as typed */
  tokenFor(code: string): Promise<Answer<{ token: string }>> {
    return this.#api.ask('POST', 'class/token', { code })
  }

  join(name: string): Promise<Answer<StudentKey>> {
    return this.#api.ask('POST', 'class/students', { name })
  }

  /** Tells that the student is there. @returns the student's own facts */
  here(told: { step?: number; stuck?: boolean }): Promise<Answer<OwnFacts>> {
    return this.#api.ask('POST', 'class/me', told)
  }

  leave(): Promise<Answer<null>> {
    return this.#api.ask('DELETE', 'class/me')
  }

  answer(question: number, option: number): Promise<Answer<null>> {
    return this.#api.ask('POST', 'class/me/answer', { question, option })
  }
}

/** Whether the key is a student's who is in the class. */
export async function isStudent(key: string): Promise<boolean> {
  return (await new Api(key).ask('GET', 'class/me')).ok
}
