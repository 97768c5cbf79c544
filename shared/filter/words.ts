/** One word of a filter. */
export interface Word {
  /** As typed, quotes included. */
  typed: string
  /** Where it begins in the filter. */
  at: number
  /** `-` before it: what does not match. */
  not: boolean
  /** Letters before an operator, in lower case; empty for a word without an operator. */
  key: string
  operator: string
  /** What follows the operator, without quotes. */
  value: string
  /** The whole word without `-` and quotes. */
  text: string
  quoted: boolean
}

/** Words between two `OR`. A connection must match all words of one group. */
export type Group = Word[]

/**
 * Splits a filter into groups and words in linear time. Quotes keep spaces: `"two words"`, `text:"two words"`. A quote
 * opens only where a word or a value begins, and a missing closing quote is taken to be at the end: it is still being
 * typed. Within quotes, `\"` is a quote and `\\` a backslash.
 */
export function readGroups(filter: string): Group[] {
  const groups: Group[] = []
  let group: Group = []
  let at = 0
  while (at < filter.length) {
    if (isSpace(filter, at)) {
      at++
      continue
    }
    const { word, end } = readWord(filter, at)
    at = end
    if (word.typed === 'OR') {
      groups.push(group)
      group = []
    } else if (word.typed !== '-') group.push(word)
  }
  groups.push(group)
  // An `OR` with nothing on one side is still being typed.
  return groups.filter((one) => one.length > 0)
}

/** A text as a quoted value: `text:${quote(text)}`. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function readWord(filter: string, start: number): { word: Word; end: number } {
  const not = filter[start] === '-'
  const from = not ? start + 1 : start
  let at = from
  while (isLetter(filter, at)) at++
  const key = filter.slice(from, at)
  const operator = key === '' ? '' : operatorAt(filter, at)
  const begin = operator === '' ? from : at + operator.length
  const { value, quoted, end } = readValue(filter, begin)
  const typed = filter.slice(start, end)
  const text = filter.slice(from, begin) + value
  return {
    word: { typed, at: start, not, key: operator === '' ? '' : key.toLowerCase(), operator, value, text, quoted },
    end,
  }
}

function readValue(filter: string, start: number): { value: string; quoted: boolean; end: number } {
  let at = start
  let value = ''
  const quoted = filter[at] === '"'
  if (quoted) {
    for (at++; at < filter.length && filter[at] !== '"'; at++) {
      const next = filter[at + 1]
      if (filter[at] === '\\' && (next === '"' || next === '\\')) at++
      value += filter[at] ?? ''
    }
    at++
  }
  const rest = at
  while (at < filter.length && !isSpace(filter, at)) at++
  return { value: value + filter.slice(rest, at), quoted, end: Math.min(at, filter.length) }
}

function operatorAt(filter: string, at: number): string {
  const first = filter[at] ?? ''
  if (first === ':' || first === '=') return first
  if (first !== '>' && first !== '<') return ''
  return filter[at + 1] === '=' ? `${first}=` : first
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20
  return code >= 0x61 && code <= 0x7a
}

function isSpace(text: string, at: number): boolean {
  return text.charAt(at).trim() === ''
}
