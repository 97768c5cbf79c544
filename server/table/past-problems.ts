import type { PortProblem } from '../../shared/schema/problem.ts'

/** How many are remembered. */
const KEPT = 20

/** The problems of the port that are over: whoever comes later should learn of them. */
export class PastProblems {
  #past: readonly PortProblem[] = []
  #current: readonly PortProblem[] = []

  /** Takes each change of the port's problems. @param now Unix milliseconds @returns those that are over, oldest first */
  take(problems: readonly PortProblem[], now: number): PortProblem[] {
    const names = new Set(problems.map(nameOf))
    const over = this.#current.filter((problem) => !names.has(nameOf(problem)))
    this.#current = problems
    this.#past = [...this.#past, ...over.map((problem) => ({ ...problem, endedAt: now }))].slice(-KEPT)
    return [...this.#past]
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds @returns those that are over */
  shift(ms: number): PortProblem[] {
    this.#past = this.#past.map(({ since, endedAt = 0, evidence, ...rest }) => ({
      ...{ ...rest, since: since + ms, endedAt: endedAt + ms },
      evidence: evidence.lastAt === undefined ? evidence : { ...evidence, lastAt: evidence.lastAt + ms },
    }))
    return [...this.#past]
  }
}

/** The server names the worst address at a time. */
function nameOf({ code, since, evidence }: PortProblem): string {
  return `${code} ${since} ${evidence.address ?? ''}`
}
