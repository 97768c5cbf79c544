import { markOf } from '../visible.ts'

/** What the bytes from an offset of a direction's stream mean. The label has only words of the protocol. */
export interface Annotation {
  from: number
  /** One past the last byte that the label was read from. */
  to: number
  label: string
  /** The size of the record or value in bytes, shown behind the label; null: none. */
  size: number | null
}

/** What the decoders of both directions of a connection know of each other. */
export interface Conversation {
  /** A Redis command has been seen, so the other direction has its replies. */
  redis: boolean
  /** The methods of the HTTP requests that have not been answered, oldest first. */
  methods: string[]
}

export type Emit = (from: number, to: number, label: string, size?: number) => void

/** Untrusted text for a label: what would not be seen is replaced by a mark, and the end is cut off. */
export function shown(text: string, max: number): string {
  const characters = Array.from(text.slice(0, max * 2 + 2))
  const kept = characters.slice(0, max).map((character) => markOf(character.codePointAt(0) ?? 0) ?? character)
  return kept.join('') + (characters.length > max ? '…' : '')
}
