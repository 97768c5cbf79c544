import type { Misread } from '../../shared/filter/filter.ts'

export interface Piece {
  text: string
  /** Whether it was misread. */
  marked: boolean
}

/** The filter in pieces, so that its misread words can be underlined. */
export function markedPieces(filter: string, misread: readonly Misread[]): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { at, word } of misread) {
    pieces.push({ text: filter.slice(from, at), marked: false }, { text: word, marked: true })
    from = at + word.length
  }
  return [...pieces, { text: filter.slice(from), marked: false }].filter(({ text }) => text !== '')
}

/** How a misread word begins: up to its operator, without `-`. */
export function startOf({ word }: Misread): string {
  return /^-?([a-z]+[:=<>])/i.exec(word)?.[1] ?? word
}

/** The filter with the nearest known term instead of the misread one. */
export function corrected(filter: string, misread: Misread): string {
  const { at, nearest } = misread
  if (nearest === null) return filter
  const from = filter.startsWith('-', at) ? at + 1 : at
  return filter.slice(0, from) + nearest + filter.slice(from + startOf(misread).length)
}
