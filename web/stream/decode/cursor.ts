import type { ByteStream } from '../byte-stream.ts'

/** A decoder as a coroutine: it yields where it needs bytes that have not arrived, and continues when they have arrived. */
export type Reading<T> = Generator<void, T, void>

const LF = 0x0a
const CR = 0x0d
const UTF8 = new TextDecoder()
/** ASCII up to this length is read faster without the decoder: most lines of a protocol are short. */
const SHORT = 32

/** A place in one direction's stream that moves forward. Each byte is looked at a fixed number of times. */
export class Cursor {
  at: number
  #stream: ByteStream
  /** One past the newest byte that has arrived. */
  #end: number

  constructor(stream: ByteStream, at: number) {
    this.#stream = stream
    this.at = this.#end = at
  }

  /** More bytes have arrived. The stream may be another object with the same bytes. */
  extend(stream: ByteStream, end: number): void {
    this.#stream = stream
    this.#end = end
  }

  /** Waits until this number of bytes is here. */
  *need(count: number): Reading<void> {
    while (this.#end - this.at < count) yield
  }

  /** The byte at this distance; it must be here. */
  byte(distance: number): number {
    return this.#stream.at(this.at + distance) ?? 0
  }

  /** The next bytes as text; they must be here. */
  text(count: number): string {
    let text = ''
    for (let index = 0; index < count; index++) {
      const byte = this.byte(index)
      if (byte >= 0x80 || index === SHORT) return UTF8.decode(this.#stream.slice(this.at, this.at + count))
      text += String.fromCharCode(byte)
    }
    return text
  }

  /**
   * Waits for a whole line.
   * @returns its length without the line end, and with it; null if it is longer than `max`
   */
  *line(max: number): Reading<{ length: number; whole: number } | null> {
    for (let length = 0; length <= max; length++) {
      if (this.#end - this.at <= length) yield* this.need(length + 1)
      if (this.byte(length) !== LF) continue
      return { length: length > 0 && this.byte(length - 1) === CR ? length - 1 : length, whole: length + 1 }
    }
    return null
  }

  /** Waits for a whole line and moves behind it. @returns its text without the line end; null if it is longer than `max` */
  *textLine(max: number): Reading<string | null> {
    const line = yield* this.line(max)
    if (line === null) return null
    const text = this.text(line.length)
    this.at += line.whole
    return text
  }

  /** Moves to the next place where a message may begin: behind the line, or behind everything that is here. */
  toNextLine(): void {
    while (this.at < this.#end) {
      this.at++
      if (this.byte(-1) === LF) return
    }
  }
}
