import type { PortProblem } from '../../shared/schema/problem.ts'

/** How many are remembered. */
const KEPT = 20

/** Remembers the problems of the port that are over, for readers that come later. */
export class PastProblems {
  #past: readonly PortProblem[] = []
  #current: readonly PortProblem[] = []

  /** Takes each change of the port's problems. @param now Unix milliseconds @returns those that are over, oldest first */
  take(problems: readonly PortProblem[], now: number): PortProblem[] {
    const names = new Set(problems.map(nameOf))
    const over = this.#current.filter((problem) => !names.has(nameOf(problem)))
    // One that comes back, as the worst address of a flood does, is one problem.
    for (const problem of over) names.add(nameOf(problem))
    const others = this.#past.filter((problem) => !names.has(nameOf(problem)))
    this.#current = problems
    this.#past = [...others, ...over.map((problem) => ({ ...problem, endedAt: now }))].slice(-KEPT)
    return [...this.#past]
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds @returns those that are over */
  shift(ms: number): PortProblem[] {
    this.#past = this.#past.map((problem) => later(problem, ms))
    this.#current = this.#current.map((problem) => later(problem, ms))
    return [...this.#past]
  }
}

function later({ since, endedAt, evidence, ...rest }: PortProblem, ms: number): PortProblem {
  return {
    ...{ ...rest, since: since + ms },
    ...(endedAt === undefined ? {} : { endedAt: endedAt + ms }),
    evidence: evidence.lastAt === undefined ? evidence : { ...evidence, lastAt: evidence.lastAt + ms },
  }
}

/** The server names the worst address at a time. */
function nameOf({ code, since, evidence }: PortProblem): string {
  return `${code} ${since} ${evidence.address ?? ''}`
}
