/** The terms of the lesson, in the forms that its texts use, in both languages. */
const FORMS = {
  descriptor: 'descriptors?|дескриптор[а-яё]*',
  inode: 'inodes?',
  'accept-queue': 'accept queue|очеред[а-яё]+ accept',
  handshake: 'handshakes?|рукопожати[а-яё]+',
  tuple: '4-tuples?|четвёрк[а-яё]+',
  syn: 'SYN',
  fin: 'FIN',
  rst: 'RST',
} as const

export type Term = keyof typeof FORMS

const TERMS = Object.keys(FORMS) as Term[]
const ANY = new RegExp(
  `(?<![\\p{L}\\p{N}_])(?:${TERMS.map((term) => `(${FORMS[term]})`).join('|')})(?![\\p{L}\\p{N}_])`,
  'giu',
)

/** A part of a text: a term, as the text writes it, or what is between. */
export interface Piece {
  text: string
  term: Term | null
}

/** Cuts a text at its terms. Each is marked once, where it comes first. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  const seen = new Set<Term>()
  let from = 0
  for (const match of text.matchAll(ANY)) {
    const term = TERMS[match.slice(1).findIndex((group) => group !== undefined)]
    if (term === undefined || seen.has(term)) continue
    seen.add(term)
    pieces.push({ text: text.slice(from, match.index), term: null }, { text: match[0], term })
    from = match.index + match[0].length
  }
  pieces.push({ text: text.slice(from), term: null })
  return pieces.filter((piece) => piece.text !== '')
}
