import type { ClassFacts } from '../../shared/class.ts'
import { csvLine } from '../ui/csv.ts'

/** The class's results: a line for each student and question, and one for a student without an answer. */
export function resultsCsv(
  { roster, questions }: Pick<ClassFacts, 'roster' | 'questions'>,
  head: readonly string[],
): string {
  const lines = roster.flatMap(({ name, step, connections, answers }) => {
    const about = [name, step === null ? null : step + 1, connections.length]
    const given = questions.flatMap(({ id, text, options, right }) => {
      const chosen = answers[id]
      if (chosen === undefined) return []
      return [[...about, text, options[chosen], right === null ? null : right === chosen]]
    })
    return given.length > 0 ? given : [about]
  })
  // Excel reads UTF-8 only after a byte order mark.
  return `\uFEFF${[[...head], ...lines].map(csvLine).join('')}`
}
