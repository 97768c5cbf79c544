import type { Problem } from '../../shared/diagnosis.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** A problem in a few words. */
export function problemText({ code, evidence }: Problem): string {
  const words = messages.live.problems[code]
  const { retransmits } = evidence
  if (code !== 'retransmitting' || retransmits === undefined) return words
  return `${words} · ${messages.live.retransmits(retransmits, formatCount(retransmits))}`
}
