/** An option with its hyphens, a short flag, or a word that begins with a number and a hyphen. */
const TERM = /--[a-z][\w-]*|(?<=\s)-[a-z]\b|\d+-\p{L}+/gu

/** The text in pieces, with the terms that a line must not break at their hyphens. */
export function piecesOf(text: string): { piece: string; term: boolean }[] {
  const pieces: { piece: string; term: boolean }[] = []
  let end = 0
  for (const { 0: term, index } of text.matchAll(TERM)) {
    if (index > end) pieces.push({ piece: text.slice(end, index), term: false })
    pieces.push({ piece: term, term: true })
    end = index + term.length
  }
  if (end < text.length) pieces.push({ piece: text.slice(end), term: false })
  return pieces
}
