import { NAME_MAX } from '../../shared/class.ts'

/**
 * Control characters, line breaks, and invisible ones that turn the direction of the text around or hide in it. The joiners of
 * emoji and of Persian stay.
 */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu
/** The joiners, which also count as ignorable: emoji and Persian need them, between two characters that they join. */
const JOINER = /[\u200C\u200D]/
const BEFORE = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]/u
const AFTER = /[\p{L}\p{Extended_Pictographic}]/u
/** More marks on one letter only run over the lines beside it. */
const MARKS = /(\p{M}{2})\p{M}+/gu
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Removes invisible characters from a typed text. @returns an empty text if nothing visible is left */
export function cleanText(typed: string): string {
  const plain = typed.toWellFormed().normalize('NFC').replace(/\s+/gu, ' ')
  const seen = plain.replace(HIDDEN, (hidden) => (JOINER.test(hidden) ? hidden : ''))
  const characters = [...seen]
  const joined = characters.filter(
    (character, i) => !JOINER.test(character) || joins(characters[i - 1], characters[i + 1]),
  )
  const text = joined.join('').replace(MARKS, '$1').trim()
  return VISIBLE.test(text) ? text : ''
}

/** Cleans a typed name. @returns null if nothing visible is left, or if the name is longer than NAME_MAX */
export function cleanName(typed: string): string | null {
  const name = cleanText(typed)
  return name !== '' && [...graphemes.segment(name)].length <= NAME_MAX ? name : null
}

function joins(before = '', after = ''): boolean {
  return BEFORE.test(before) && AFTER.test(after)
}

/** Adds a number to a name that looks like another student's. @param taken keys made by `looks` */
export function unlike(name: string, taken: ReadonlySet<string>): string {
  let result = name
  for (let number = 2; taken.has(looks(result)); number++) result = `${name} (${number})`
  return result
}

/** A key that is equal for names that look the same. */
export function looks(name: string): string {
  return name.toLocaleLowerCase('en').replace(/[\u200C\u200D]/g, '')
}
