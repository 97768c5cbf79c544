import type { Direction } from '../../../shared/payload.ts'
import type { ByteStream } from '../byte-stream.ts'
import type { Annotation, Conversation, Emit } from './annotation.ts'
import { Cursor, type Reading } from './cursor.ts'
import { readHttp } from './http.ts'
import { beginsJson, readJson } from './json.ts'
import { beginsCommand, beginsReply, readCommand, readReply } from './redis.ts'
import { beginsRecord, readTls } from './tls.ts'

/** Finds messages of known protocols in one direction's bytes, as they arrive. It never changes or hides a byte. */
export class Decoder {
  readonly #direction: Direction
  readonly #conversation: Conversation
  readonly #emit: Emit
  #cursor: Cursor | null = null
  #reading: Reading<never> | null = null

  constructor(direction: Direction, conversation: Conversation, emit: (annotation: Annotation) => void) {
    this.#direction = direction
    this.#conversation = conversation
    this.#emit = (from, to, label, size) => emit({ from, to, label, size: size ?? null })
  }

  /** The next chunk of the direction's stream. If bytes before it are gone, decoding begins again with it. */
  feed(stream: ByteStream, start: number, end: number): void {
    if (this.#cursor === null || this.#reading === null || this.#cursor.at < stream.from) {
      this.#cursor = new Cursor(stream, start)
      this.#reading = this.#read(this.#cursor)
    }
    this.#cursor.extend(stream, end)
    this.#reading.next()
  }

  *#read(cursor: Cursor): Reading<never> {
    for (;;) {
      yield* cursor.need(1)
      if (!(yield* this.#readMessage(cursor, cursor.byte(0)))) cursor.toNextLine()
    }
  }

  /** @returns false, without moving, if no message begins here */
  *#readMessage(cursor: Cursor, first: number): Reading<boolean> {
    const conversation = this.#conversation
    const emit = this.#emit
    if (beginsRecord(first)) return yield* readTls(cursor, emit)
    if (beginsJson(first)) return yield* readJson(cursor, emit)
    if (conversation.redis && this.#direction === 'out' && beginsReply(first)) return yield* readReply(cursor, emit)
    if (beginsCommand(first) && (yield* readCommand(cursor, conversation, emit))) return true
    return yield* readHttp(cursor, conversation, emit)
  }
}
