import { NAME_MAX } from '../../shared/class.ts'

/**
 * Control characters, line breaks, and invisible ones that turn the direction of the text around or hide in it. The joiners of
 * emoji and of Persian stay.
 */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu
/** The joiners, which also count as ignorable: emoji and Persian need them. */
const JOINERS = /[\u200C\u200D]/
/** More marks on one letter only run over the lines beside it. */
const MARKS = /(\p{M}{2})\p{M}+/gu
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A name as everybody sees it; null if nothing is left of it, or if it is longer than NAME_MAX. */
export function cleanName(typed: string): string | null {
  const name = typed
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(HIDDEN, (hidden) => (JOINERS.test(hidden) ? hidden : ''))
    .replace(MARKS, '$1')
    .trim()
  return VISIBLE.test(name) && [...graphemes.segment(name)].length <= NAME_MAX ? name : null
}

/** The name with a number, if somebody else has it. */
export function unlike(name: string, taken: ReadonlySet<string>): string {
  let result = name
  for (let number = 2; taken.has(result.toLocaleLowerCase('en')); number++) result = `${name} (${number})`
  return result
}
