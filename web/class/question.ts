import type { AskBody } from '../../shared/class.ts'

const TEXT_MAX = 300
const OPTION_MAX = 120
const OPTIONS = { least: 2, most: 6 }

/**
 * Reads a question as a teacher types it: one answer in each line, the right one after `*`.
 * @returns null if it does not fit
 */
export function readQuestion(text: string, lines: string): AskBody | null {
  const question = text.trim()
  const typed = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const right = typed.findIndex((line) => line.startsWith('*'))
  const options = typed.map((line) => line.replace(/^\*\s*/, ''))
  const fits =
    question !== '' &&
    question.length <= TEXT_MAX &&
    options.length >= OPTIONS.least &&
    options.length <= OPTIONS.most &&
    options.every((option) => option !== '' && option.length <= OPTION_MAX)
  if (!fits) return null
  return { text: question, options, ...(right === -1 ? {} : { right }) }
}
