import { DIRECTIONS, type Direction } from '../../../shared/payload.ts'
import { type Followed, firstIndex } from '../followed.ts'
import type { Annotation, Conversation } from './annotation.ts'
import { Decoder } from './decoder.ts'

/** Annotations kept for each direction; beyond that, the oldest go. */
export const ANNOTATIONS_MAX = 50_000

/** What the decoders have found in the bytes of one connection. */
export class Annotations {
  readonly #followed: Followed
  readonly #found: Record<Direction, Annotation[]> = { in: [], out: [] }
  readonly #decoders: Record<Direction, Decoder>
  /** The newest chunk that has been decoded, and the changes up to it. */
  #last = 0
  #changes = -1

  constructor(followed: Followed) {
    this.#followed = followed
    const conversation: Conversation = { redis: false, methods: [] }
    const decoder = (direction: Direction): Decoder =>
      new Decoder(direction, conversation, (annotation) => this.#found[direction].push(annotation))
    this.#decoders = { in: decoder('in'), out: decoder('out') }
  }

  /** Those that begin between two offsets of a direction's stream. */
  between(direction: Direction, start: number, end: number): Annotation[] {
    this.#update()
    const found = this.#found[direction]
    const first = firstIndex(found, ({ from }) => from >= start)
    const after = firstIndex(found, ({ from }) => from >= end)
    return found.slice(first, after)
  }

  /** Decodes the chunks that are new, in their order of arrival. */
  #update(): void {
    const { chunks, streams, changes } = this.#followed
    if (changes === this.#changes) return
    this.#changes = changes
    for (let index = firstIndex(chunks, ({ n }) => n > this.#last); index < chunks.length; index++) {
      const chunk = chunks[index]
      if (!chunk) break
      this.#decoders[chunk.direction].feed(streams[chunk.direction], chunk.offset, chunk.end)
      this.#last = chunk.n
    }
    for (const direction of DIRECTIONS) this.#drop(direction, streams[direction].from)
  }

  /** Forgets annotations of bytes that are no longer kept. */
  #drop(direction: Direction, before: number): void {
    const found = this.#found[direction]
    const gone = firstIndex(found, ({ from }) => from >= before)
    found.splice(0, Math.max(gone, found.length - ANNOTATIONS_MAX))
  }
}
