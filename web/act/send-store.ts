import { type Draft, LINE_ENDS } from './draft.ts'

export interface Preset {
  name: string
  draft: Draft
}

export const PRESETS_MAX = 20
export const HISTORY_MAX = 50
export const NAME_MAX = 60
/** Longest text kept, in characters. Longer ones are sent but not remembered. */
export const CONTENT_MAX = 4096

const KEY = 'oneport.sends'

interface Kept {
  presets: Preset[]
  history: Draft[]
}

export type SaveFault = 'no-name' | 'full' | 'too-long'

/**
 * Recent sends, newest first, and named presets, kept in this browser. Read again each time, because other tabs write
 * them too. Invalid content is ignored.
 */
export class SendStore {
  /** Unsent text of the panel's input box, kept by this page only. */
  unsent: Draft | null = null
  readonly #storage: () => Pick<Storage, 'getItem' | 'setItem'>
  /** Fallback where the browser stores nothing. */
  #own: Kept | null = null

  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem'> = () => localStorage) {
    this.#storage = storage
  }

  get presets(): Preset[] {
    return this.#read().presets
  }

  get history(): Draft[] {
    return this.#read().history
  }

  /** Newest first, without duplicates. */
  remember(draft: Draft): void {
    if (draft.content.length > CONTENT_MAX) return
    const kept = this.#read()
    const others = kept.history.filter((other) => !same(other, draft))
    this.#write({ ...kept, history: [{ ...draft }, ...others].slice(0, HISTORY_MAX) })
  }

  /** Replaces a preset of the same name, and the one named `instead`. @returns the reason if it was not saved */
  save(name: string, draft: Draft, instead: string | null = null): SaveFault | null {
    const trimmed = name.trim().slice(0, NAME_MAX)
    if (trimmed === '') return 'no-name'
    if (draft.content.length > CONTENT_MAX) return 'too-long'
    const kept = this.#read()
    const preset = { name: trimmed, draft: { ...draft } }
    const place = kept.presets.findIndex((other) => other.name === (instead ?? trimmed))
    const presets = place === -1 ? [...kept.presets, preset] : kept.presets.with(place, preset)
    const once = presets.filter((other) => other === preset || other.name !== trimmed)
    if (once.length > PRESETS_MAX) return 'full'
    this.#write({ ...kept, presets: once })
    return null
  }

  remove(name: string): void {
    const kept = this.#read()
    this.#write({ ...kept, presets: kept.presets.filter((preset) => preset.name !== name) })
  }

  forgetHistory(): void {
    this.#write({ ...this.#read(), history: [] })
  }

  #read(): Kept {
    if (this.#own !== null) return this.#own
    try {
      const kept: unknown = JSON.parse(this.#storage().getItem(KEY) ?? '{}')
      const { presets, history } = (typeof kept === 'object' ? kept : null) as Partial<Record<string, unknown>>
      return {
        presets: list(presets).filter(isPreset).slice(0, PRESETS_MAX),
        history: list(history).filter(isDraft).slice(0, HISTORY_MAX),
      }
    } catch {
      return { presets: [], history: [] }
    }
  }

  #write(kept: Kept): void {
    try {
      this.#storage().setItem(KEY, JSON.stringify(kept))
      this.#own = null
    } catch {
      this.#own = kept
    }
  }
}

function same(a: Draft, b: Draft): boolean {
  return a.kind === b.kind && a.content === b.content && a.lineEnd === b.lineEnd
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const { kind, content, lineEnd } = value as Partial<Draft>
  const known = (kind === 'text' || kind === 'hex') && LINE_ENDS.some((end) => end === lineEnd)
  return known && typeof content === 'string' && content.length <= CONTENT_MAX
}

function isPreset(value: unknown): value is Preset {
  if (typeof value !== 'object' || value === null) return false
  const { name, draft } = value as Partial<Preset>
  return typeof name === 'string' && name !== '' && name.length <= NAME_MAX && isDraft(draft)
}
