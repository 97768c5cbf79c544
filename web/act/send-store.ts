import { createContext } from 'svelte'
import { type Store, Stored } from '../ui/stored.ts'
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
  readonly #stored: Stored<Kept>

  constructor(storage?: () => Store) {
    this.#stored = new Stored<Kept>('sends', { parse: parseKept, format: JSON.stringify, storage })
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
    return this.#stored.get() ?? { presets: [], history: [] }
  }

  #write(kept: Kept): void {
    this.#stored.set(kept)
  }
}

export const [getSends, setSends] = createContext<SendStore>()

/** Drops invalid entries, wherever they come from. */
function parseKept(text: string): Kept | null {
  const kept: unknown = JSON.parse(text)
  if (typeof kept !== 'object' || kept === null) return null
  const { presets, history } = kept as Partial<Record<string, unknown>>
  return {
    presets: list(presets).filter(isPreset).slice(0, PRESETS_MAX),
    history: list(history).filter(isDraft).slice(0, HISTORY_MAX),
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
