import { ANSWERS, PARTS, type StepId } from './steps.ts'

// A prediction is an answer's id. Where a question has parts, it has one for each, with a sign between; a part without one is empty.

const BETWEEN = '+'

/** The answers to the parts of a question; null: not answered yet. */
export function answersIn(step: StepId, prediction: string | null): (string | null)[] {
  const given = prediction?.split(BETWEEN) ?? []
  return (PARTS[step] ?? ['']).map((_part, index) => given[index] || null)
}

/** The prediction with this answer to one part of the question. */
export function withAnswer(step: StepId, prediction: string | null, part: number, answer: string): string {
  return answersIn(step, prediction).with(part, answer).join(BETWEEN)
}

/** Whether every part of the step's question is answered. A step without a question asks for nothing. */
export function isDecided(step: StepId, prediction: string | null): boolean {
  return ANSWERS[step].length === 0 || !answersIn(step, prediction).includes(null)
}
