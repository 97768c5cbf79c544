import type { Direction } from '../../shared/payload.ts'
import type { Chunk, Followed } from './followed.ts'
import { StreamLayout, type Shown, type ByteFormat } from './layout.ts'
import { type Match, Matches } from './matches.ts'
import { parseQuery } from './query.ts'

/** Text needs room for the marks of a line's end, which count as no columns. */
const LINE_END_COLUMNS = 5

/** How the bytes of the followed connection are looked at. They are plain data: `version` rises when they have changed. */
export class BytesView {
  followed = $state.raw<Followed | null>(null)
  version = $state(0)
  view = $state<ByteFormat>('text')
  shown = $state<Shown>('both')
  query = $state('')
  /** Of the fixed-width font. */
  columns = $state(80)
  /** The match that the reader stands on; another object each time it is to be brought into view. */
  current = $state.raw<Match | null>(null)

  readonly layout = $derived.by(() => {
    void this.version
    const columns = this.view === 'text' ? this.columns - LINE_END_COLUMNS : this.columns
    return this.followed && new StreamLayout(this.followed, { view: this.view, shown: this.shown, columns })
  })
  readonly needle = $derived(parseQuery(this.query, this.view))
  readonly matches = $derived.by(() => {
    void this.version
    if (!this.followed || !this.needle || this.needle === 'not-hex') return null
    return new Matches(this.followed, this.shown, this.needle)
  })
  /** The place of the current match among all; null where the reader stands on none. */
  readonly currentIndex = $derived(this.current && this.matches ? this.matches.indexOf(this.current) : null)

  /** @returns true if there is something new */
  look(followed: Followed | null): boolean {
    if (followed === this.followed && (followed?.changes ?? 0) === this.version) return false
    if (followed?.id !== this.followed?.id) this.current = null
    this.followed = followed
    this.version = followed?.changes ?? 0
    return true
  }

  find(query: string): void {
    this.query = query
    this.current = this.matches?.all[0] ?? null
  }

  /** To the match so many places further on, round the end. */
  step(by: number): void {
    const all = this.matches?.all ?? []
    const from = this.currentIndex ?? (by > 0 ? -1 : 0)
    const match = all[(from + by + all.length) % (all.length || 1)]
    this.current = match ? { ...match } : null
  }

  /** The bytes of a chunk, of a direction, or all in the order in which they passed; a copy. */
  bytes(scope: Chunk | Direction | 'all'): Uint8Array<ArrayBuffer> {
    const { followed } = this
    if (!followed) return new Uint8Array()
    if (scope === 'all') return followed.inOrder()
    if (scope === 'in' || scope === 'out') return followed.streams[scope].slice(0, Infinity).slice()
    return followed.bytesOf(scope).slice()
  }
}
