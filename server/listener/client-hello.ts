const SERVER_NAME = 0
const HOST_NAME = 0
/** Only characters that DNS names may contain, at DNS's maximum length: the page shows this text from an untrusted client. */
const NAME = /^[A-Za-z0-9._-]{1,253}$/

export interface ClientHello {
  serverName: string | null
  /** More bytes cannot change the result. */
  whole: boolean
}

/**
 * The server name a TLS client asks for (RFC 6066, 3) in its ClientHello (RFC 8446, 4.1.2). Every length comes from
 * the client and is checked against the bytes received.
 * @param record a handshake record from its first byte; it may be incomplete
 */
export function readClientHello(record: Buffer): ClientHello {
  const cursor = new Cursor(record)
  cursor.skip(5) // record header
  cursor.skip(4) // handshake header
  cursor.skip(2 + 32) // version, random
  cursor.skip(cursor.uint8()) // session id
  cursor.skip(cursor.uint16()) // cipher suites
  cursor.skip(cursor.uint8()) // compression methods
  const end = cursor.uint16() + cursor.at
  while (!cursor.over && cursor.at < end) {
    const type = cursor.uint16()
    const length = cursor.uint16()
    if (type === SERVER_NAME) return serverName(cursor)
    cursor.skip(length)
  }
  return { serverName: null, whole: !cursor.over }
}

function serverName(cursor: Cursor): ClientHello {
  cursor.skip(2) // length of the list
  const type = cursor.uint8()
  const name = cursor.text(cursor.uint16())
  if (cursor.over) return { serverName: null, whole: false }
  return { serverName: type === HOST_NAME && NAME.test(name) ? name : null, whole: true }
}

/** Reads forward. Past the end it returns zeros, and `over` is true. */
class Cursor {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get over(): boolean {
    return this.at > this.#bytes.length
  }

  skip(count: number): void {
    this.at += count
  }

  uint8(): number {
    this.at += 1
    return this.over ? 0 : this.#bytes.readUInt8(this.at - 1)
  }

  uint16(): number {
    this.at += 2
    return this.over ? 0 : this.#bytes.readUInt16BE(this.at - 2)
  }

  text(length: number): string {
    this.at += length
    return this.over ? '' : this.#bytes.toString('latin1', this.at - length, this.at)
  }
}
