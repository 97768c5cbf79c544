import type { Hit } from './matches.ts'

/**
 * `mark`: stands for what cannot be shown, `invalid`: for a byte that is no UTF-8, `end`: of a line's end, `rest`: of a character
 * begun before; `zero`: a byte 0, `dot`: stands for a byte that is no printable ASCII.
 */
export type PieceKind = 'plain' | 'mark' | 'invalid' | 'tab' | 'end' | 'rest' | 'zero' | 'dot'

/** A part of a row that looks the same throughout. */
export interface Piece {
  text: string
  kind: PieceKind
  hit: Hit
}

/** Each mark is a piece of its own; else what looks the same is one. */
export class PieceList {
  readonly all: Piece[] = []

  add(text: string, kind: PieceKind, hit: Hit): void {
    const last = this.all.at(-1)
    const joins = kind === 'plain' || kind === 'zero' || kind === 'dot'
    if (last && joins && last.kind === kind && last.hit === hit) last.text += text
    else this.all.push({ text, kind, hit })
  }
}
