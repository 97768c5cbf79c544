import { type BehaviorSetting, bytesOfText, onOneLine, type Rule } from '../../../shared/script.ts'
import type { Behavior } from '../../../shared/stream.ts'
import { HttpError } from '../errors.ts'

/**
 * The setting that a request asks for.
 * @param kept the port's rules, for a request without
 * @throws HttpError if a rule has a backslash that begins no escape, or `scripted` would have no rules
 */
export function behaviorSetting(behavior: Behavior, rules: Rule[] | undefined, kept: readonly Rule[]): BehaviorSetting {
  for (const [index, rule] of (rules ?? []).entries()) {
    for (const field of ['when', 'answer'] as const) {
      if (bytesOfText(rule[field]) !== null) continue
      const escapes = String.raw`\n, \r, \t, \\ and \xHH`
      throw new HttpError(400, 'INVALID', `rules/${index}/${field}: a backslash begins no escape. Known: ${escapes}.`)
    }
  }
  const shown = rules?.map(({ when, answer }) => ({ when: onOneLine(when), answer: onOneLine(answer) })) ?? kept
  if (behavior === 'scripted' && shown.length === 0) {
    throw new HttpError(400, 'INVALID', 'rules: scripted needs at least one rule, and the port has none yet.')
  }
  return { behavior, rules: shown }
}
