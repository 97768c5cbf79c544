import type { Connection } from '../connection.ts'
import { formatEndpoint, parseEndpoint, readAddress } from '../endpoint.ts'
import { nearestStart } from './nearest.ts'
import { endsText, plainText } from './plain-text.ts'
import type { Test } from './subject.ts'
import { readTerm, TERM_STARTS, TEXT } from './terms.ts'
import { quote, readGroups, type Word } from './words.ts'

/** Limit of a filter's length, in UTF-16 code units. */
export const FILTER_MAX = 2_000
/** Limit of a filter's words. */
export const WORDS_MAX = 50
/** Limit of different `text:` terms: each is a search through all captured bytes. */
export const TEXTS_MAX = 3

/** Why a filter is not applied. */
export type FilterFault = 'too-long' | 'too-many-words' | 'too-many-texts'

/** A word that looks like a term but is none: an unknown key, or a value that the term does not take. */
export interface Misread {
  /** As typed. */
  word: string
  /** Where it begins in the filter. */
  at: number
  /** How the term that was probably meant begins. The word's own beginning: its value is wrong. Null: nothing is near. */
  nearest: string | null
}

/** The connections that each text was found in, by the text in `Filter.texts`. */
export type Hits = ReadonlyMap<string, ReadonlySet<number>>

/** A connection as the table or the page has it. `text` is its `endsText`, where it is kept. */
export type Searched = Connection & { readonly text?: string }

export interface Filter {
  /** @param now Unix milliseconds */
  matches: (connection: Searched, now: number) => boolean
  /** True if connections match or stop matching without a change: as time passes, or with a new sample. */
  timed: boolean
  empty: boolean
  /** Searched as plain text. */
  misread: readonly Misread[]
  /** What must be looked up in the captured bytes. ASCII letters are in lower case. */
  texts: readonly string[]
  /** Has words that are compared with what the page shows in its language: the server can't judge them. */
  onlyOnPage: boolean
  /** With a fault, nothing matches. */
  fault: FilterFault | null
}

export interface FilterOptions {
  /** A text that is missing here has not been found anywhere. */
  hits?: Hits
  /** What the page shows of a connection in its language. Only words that are not ASCII are searched there. */
  shown?: (connection: Connection) => string
}

/**
 * The filter language of the page and the API. Words must all match; `OR` separates alternatives, `-` negates a word, and
 * quotes keep spaces. docs/api.md lists the terms. Any other word is searched in the connection's plain text.
 */
export function parseFilter(text: string, { hits = new Map(), shown = () => '' }: FilterOptions = {}): Filter {
  if (text.length > FILTER_MAX) return faulty('too-long')
  const groups = readGroups(text)
  if (groups.flat().length > WORDS_MAX) return faulty('too-many-words')
  const parts = groups.map((group) => group.map((word) => readPart(word, hits)))
  const all = parts.flat()
  const texts = [...new Set(all.flatMap(({ text: one }) => one ?? []))]
  if (texts.length > TEXTS_MAX) return faulty('too-many-texts')
  const needsPlain = all.some(({ searches }) => searches !== null)
  const needsShown = all.some(({ searches }) => searches === 'shown')

  return {
    matches: (connection, now) => {
      const plain = needsPlain ? plainText(connection, connection.text ?? endsText(connection)) : ''
      const subject = { connection, now, plain, shown: needsShown ? shown(connection).toLowerCase() : '' }
      return parts.length === 0 || parts.some((group) => group.every(({ test }) => test(subject)))
    },
    timed: all.some(({ timed }) => timed),
    empty: parts.length === 0,
    misread: all.flatMap(({ misread }) => misread ?? []),
    texts,
    onlyOnPage: needsShown,
    fault: null,
  }
}

/** The term for the connections of exactly one client address; empty: those with an unknown address. */
export function fromAddress(address: string): string {
  return address === '' ? 'port:0' : `ip=${address}`
}

/** The filter for the connections whose captured bytes contain the text. */
export function withText(text: string): string {
  return `${TEXT}:${quote(text)}`
}

/** A word that has been read. */
interface Part {
  test: Test
  timed: boolean
  text: string | null
  misread: Misread | null
  /** Where a plain word is searched besides the endpoints. */
  searches: 'plain' | 'shown' | null
}

function readPart(word: Word, hits: Hits): Part {
  const part = readPositive(word, hits)
  return word.not ? { ...part, test: (subject) => !part.test(subject) } : part
}

function readPositive(word: Word, hits: Hits): Part {
  const { key, operator, value } = word
  const nothing = { timed: false, text: null, misread: null, searches: null }
  if (key === TEXT && operator === ':' && value !== '') {
    const text = value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    return { ...nothing, text, test: ({ connection }) => hits.get(text)?.has(connection.id) ?? false }
  }
  const term = readTerm(key, operator, value)
  if (term !== null) return { ...nothing, ...term }
  const nearest = nearestStart(key, operator, TERM_STARTS)
  const misread = looksLikeTerm(word) ? { word: word.typed, at: word.at, nearest } : null
  return { ...nothing, ...plainWord(word), misread }
}

function plainWord(word: Word): Pick<Part, 'test' | 'searches'> {
  const text = (word.quoted ? word.text : asWrittenHere(word.text)).toLowerCase()
  const isAscii = /^[\0-\x7f]*$/.test(text)
  if (isAscii) return { test: ({ plain }) => plain.includes(text), searches: 'plain' }
  return { test: ({ plain, shown }) => plain.includes(text) || shown.includes(text), searches: 'shown' }
}

/** A complete endpoint or address is searched as it is written here: `[::ffff:10.0.0.1]:80` finds 10.0.0.1:80. */
function asWrittenHere(text: string): string {
  const endpoint = parseEndpoint(text)
  if (endpoint !== null) return formatEndpoint(endpoint)
  return text.startsWith('[') ? text : (readAddress(text) ?? text)
}

/** A key of letters and a value. IPv6 addresses contain colons too. */
function looksLikeTerm({ key, text }: Word): boolean {
  return key !== '' && !/^[0-9a-f]*:[0-9a-f.:]*$/i.test(text)
}

function faulty(fault: FilterFault): Filter {
  return { matches: () => false, timed: false, empty: false, misread: [], texts: [], onlyOnPage: false, fault }
}
