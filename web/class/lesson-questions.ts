import type { AskBody } from '../../shared/class.ts'
import { messages } from '../text/messages.ts'

/** The lesson's questions, as questions to a class. What is right is seen when it happens, so none is marked. */
export function lessonQuestions(): AskBody[] {
  return Object.values(messages.lesson.steps).flatMap(({ question, answers }) => {
    const options = Object.values<string>(answers)
    return question === null || options.length < 2 ? [] : [{ text: question, options }]
  })
}
