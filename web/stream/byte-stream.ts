/** The newest bytes of one direction as one buffer, whatever their chunks. Offsets count from the stream's start. */
export class ByteStream {
  /** Offsets of the first byte kept, and one past the last. */
  from = 0
  to = 0
  #buffer = new Uint8Array(1024)
  /** Index of `from` in the buffer. */
  #start = 0

  get length(): number {
    return this.to - this.from
  }

  /** @throws RangeError if a byte between them is missing */
  append(offset: number, bytes: Uint8Array): void {
    if (this.length === 0) this.#restart(offset)
    if (offset !== this.to) throw new RangeError(`bytes at ${offset} do not follow those up to ${this.to}`)
    this.#makeRoom(bytes.length)
    this.#buffer.set(bytes, this.#start + this.length)
    this.to += bytes.length
  }

  dropBefore(offset: number): void {
    if (offset >= this.to) this.#restart(offset)
    else if (offset > this.from) {
      this.#start += offset - this.from
      this.from = offset
    }
  }

  /** A view of the buffer, valid until the next change. */
  slice(start: number, end: number): Uint8Array<ArrayBuffer> {
    const first = Math.min(Math.max(start, this.from), this.to)
    const last = Math.min(Math.max(end, first), this.to)
    return this.#buffer.subarray(this.#start + first - this.from, this.#start + last - this.from)
  }

  /** Undefined if the byte is not kept. */
  at(offset: number): number | undefined {
    return offset < this.from || offset >= this.to ? undefined : this.#buffer[this.#start + offset - this.from]
  }

  #restart(offset: number): void {
    this.from = offset
    this.to = offset
    this.#start = 0
  }

  #makeRoom(more: number): void {
    const needed = this.length + more
    if (this.#start + needed <= this.#buffer.length) return
    // Twice the needed size: the next copy is then as many bytes away as this one copies.
    const buffer = new Uint8Array(needed * 2)
    buffer.set(this.slice(this.from, this.to))
    this.#buffer = buffer
    this.#start = 0
  }
}
