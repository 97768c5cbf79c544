import type { Direction } from '../../shared/payload.ts'
import type { Chunk, Followed } from './followed.ts'
import { Changes } from '../ui/changes.ts'
import type { Annotation } from './decode/annotation.ts'
import { Annotations } from './decode/annotations.ts'
import { notesOf } from './decode/notes.ts'
import type { Repeats, StreamEvent } from './events.ts'
import { isRepeat, rowsOfWords, timesText, wordsOf, type EventWords } from './event-words.ts'
import { type Place, StreamLayout } from './layout.ts'
import type { ByteFormat, Shown } from './view-options.ts'
import { type Match, Matches } from './matches.ts'
import { parseQuery } from './query.ts'
import type { Untaken } from './untaken.ts'

/** Reserves room for line-end marks, which do not count as columns. */
const LINE_END_COLUMNS = 5

/** How the followed connection's bytes and events are shown. The bytes are plain data; `track` tells effects when they change. */
export class BytesView {
  followed = $state.raw<Followed | null>(null)
  #changes = new Changes()
  /** An effect that calls this function runs again when bytes have arrived or been dropped. */
  readonly track = this.#changes.track
  #seen = 0
  events = $state.raw<readonly StreamEvent[]>([])
  /** The connection's descriptor, while it has one. */
  fd = $state<number | null>(null)
  untaken = $state.raw<Untaken | null>(null)
  view = $state<ByteFormat>('text')
  shown = $state<Shown>('all')
  query = $state('')
  /** Columns of the fixed-width font for bytes, and for the words of an event. */
  columns = $state(80)
  eventColumns = $state(80)
  /** The current match; a new object each time it must be scrolled into view. */
  current = $state.raw<Match | null>(null)

  readonly #annotations = $derived(this.followed && new Annotations(this.followed))
  readonly #bare = $derived.by(() => {
    const { view, shown, eventColumns } = this
    const columns = view === 'text' ? this.columns - LINE_END_COLUMNS : this.columns
    return (
      this.followed &&
      new StreamLayout(this.followed, {
        ...{ view, shown, columns },
        eventRows: (event, repeats) => rowsOfWords(this.#allWords(event, repeats), eventColumns),
        isRepeat: (event, before) => isRepeat(event, before, this.fd),
      })
    )
  })
  /** The layout changes in place, so the object around it tells that it has. */
  readonly #laid = $derived.by(() => {
    this.track()
    this.#bare?.update(this.events, this.#annotations?.update())
    return { layout: this.#bare }
  })
  readonly needle = $derived(parseQuery(this.query, this.view))
  readonly #search = $derived(
    this.followed && this.needle && this.needle !== 'not-hex'
      ? new Matches(this.followed, this.shown, this.needle)
      : null,
  )
  readonly #found = $derived.by(() => {
    this.track()
    this.#search?.update()
    return { matches: this.#search }
  })
  /** Index of the current match; null without one. */
  readonly currentIndex = $derived(this.current && this.matches ? this.matches.indexOf(this.current) : null)

  get layout(): StreamLayout | null {
    return this.#laid.layout
  }

  get matches(): Matches | null {
    return this.#found.matches
  }

  /** The server has answered. */
  get answered(): boolean {
    this.track()
    return this.#seen > 0
  }

  /** Whether bytes are kept. */
  get hasBytes(): boolean {
    this.track()
    return (this.followed?.count ?? 0) > 0
  }

  /** @returns true if something is new */
  look(followed: Followed | null): boolean {
    if (followed === this.followed && (followed?.changes ?? 0) === this.#seen) return false
    if (followed?.id !== this.followed?.id) this.current = null
    this.followed = followed
    this.#seen = followed?.changes ?? 0
    this.#changes.tell()
    return true
  }

  wordsOf(event: StreamEvent): EventWords {
    return wordsOf(event, this.fd)
  }

  #allWords(event: StreamEvent, repeats: Repeats): EventWords {
    const { title, detail } = this.wordsOf(event)
    return { title, detail: [timesText(repeats), detail].filter(Boolean).join(' ') }
  }

  /** The messages that begin in a row of the layout. */
  notesOf(place: Place): Annotation[] {
    return this.#annotations ? notesOf(place, this.#annotations) : []
  }

  find(query: string): void {
    this.query = query
    this.current = this.matches?.all[0] ?? null
  }

  /** Moves to another match, wrapping around at the end. */
  step(by: number): void {
    const all = this.matches?.all ?? []
    const from = this.currentIndex ?? (by > 0 ? -1 : 0)
    const match = all[(from + by + all.length) % (all.length || 1)]
    this.current = match ? { ...match } : null
  }

  /** A copy of the bytes of a chunk, of a direction, or of both in order of arrival. */
  bytes(scope: Chunk | Direction | 'all'): Uint8Array<ArrayBuffer> {
    const { followed } = this
    if (!followed) return new Uint8Array()
    if (scope === 'all') return followed.inOrder()
    if (scope === 'in' || scope === 'out') return followed.streams[scope].slice(0, Infinity).slice()
    return followed.bytesOf(scope).slice()
  }
}
