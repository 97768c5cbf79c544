/** Whether a byte belongs to a match, and whether to the current one. */
export type Hit = 'match' | 'current' | null
export type HitAt = (offset: number) => Hit

/**
 * `mark` replaces a character that cannot be shown; `invalid`: a byte that is not UTF-8; `end`: a line end; `rest`:
 * the rest of a character begun in the chunk before; `zero`: a byte 0; `dot` replaces a byte that is not printable
 * ASCII.
 */
export type PieceKind = 'plain' | 'mark' | 'invalid' | 'tab' | 'end' | 'rest' | 'zero' | 'dot'

/** A part of a row with one look. */
export interface Piece {
  text: string
  kind: PieceKind
  hit: Hit
}

/** Each mark is a piece of its own. Other neighbours with the same look are merged. */
export class PieceList {
  readonly all: Piece[] = []

  add(text: string, kind: PieceKind, hit: Hit): void {
    const last = this.all.at(-1)
    const joins = kind === 'plain' || kind === 'zero' || kind === 'dot'
    if (last && joins && last.kind === kind && last.hit === hit) last.text += text
    else this.all.push({ text, kind, hit })
  }
}
