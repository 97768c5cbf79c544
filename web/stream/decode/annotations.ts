import { DIRECTIONS, type Direction } from '../../../shared/payload.ts'
import { type Chunk, type Followed, firstIndex } from '../followed.ts'
import type { Annotation, Conversation } from './annotation.ts'
import { Decoder } from './decoder.ts'

/** Annotations kept for each direction; beyond that, the oldest go. */
export const ANNOTATIONS_MAX = 50_000

/** What the decoders have found in the bytes of one connection. */
export class Annotations {
  readonly #followed: Followed
  #found: Record<Direction, Annotation[]> = { in: [], out: [] }
  #decoders: Record<Direction, Decoder>
  /** The newest chunk that has been decoded, and the changes up to it. */
  #last = 0
  #changes = -1
  #generation: number
  #noted: Chunk[] = []

  constructor(followed: Followed) {
    this.#followed = followed
    this.#generation = followed.generation
    this.#decoders = this.#newDecoders()
  }

  /** Decodes the bytes that are new. @returns the chunks that now begin with a message, and did not before */
  update(): Chunk[] {
    this.#update()
    const noted = this.#noted
    this.#noted = []
    return noted
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
    const { streams, changes, generation } = this.#followed
    if (changes === this.#changes) return
    this.#changes = changes
    if (generation !== this.#generation) this.#startOver(generation)
    for (const chunk of this.#followed.after(this.#last)) {
      this.#decoders[chunk.direction].feed(streams[chunk.direction], chunk.offset, chunk.end)
      this.#last = chunk.n
    }
    for (const direction of DIRECTIONS) this.#drop(direction, streams[direction].from)
  }

  #newDecoders(): Record<Direction, Decoder> {
    const conversation: Conversation = { redis: false, methods: [] }
    const decoder = (direction: Direction): Decoder =>
      new Decoder(direction, conversation, (annotation) => this.#add(direction, annotation))
    return { in: decoder('in'), out: decoder('out') }
  }

  #startOver(generation: number): void {
    this.#generation = generation
    this.#found = { in: [], out: [] }
    this.#decoders = this.#newDecoders()
    this.#last = 0
  }

  #add(direction: Direction, annotation: Annotation): void {
    this.#found[direction].push(annotation)
    const chunk = this.#followed.chunkAt(direction, annotation.from)
    if (chunk === undefined || chunk.offset !== annotation.from || chunk.noted) return
    chunk.noted = true
    this.#noted.push(chunk)
  }

  /** Forgets annotations of bytes that are no longer kept. */
  #drop(direction: Direction, before: number): void {
    const found = this.#found[direction]
    const gone = firstIndex(found, ({ from }) => from >= before)
    found.splice(0, Math.max(gone, found.length - ANNOTATIONS_MAX))
  }
}
