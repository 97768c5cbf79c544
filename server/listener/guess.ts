import type { Protocol } from '../../shared/connection.ts'
import { readClientHello } from './client-hello.ts'

/** Bytes examined at most: a ClientHello with post-quantum keys has about 2,000. */
export const GUESS_BYTES = 4_096

export interface Guess {
  protocol: Protocol | null
  /** More bytes could change the result. */
  more: boolean
}

/** `maybe`: too few bytes to decide. */
type Verdict = Guess | 'maybe' | null

const NOTHING: Guess = { protocol: null, more: false }
const UNDECIDED: Guess = { protocol: null, more: true }

/** Guesses the protocol from the client's first bytes. The bytes are untrusted, and the result is only a guess. */
export function guess(bytes: Buffer): Guess {
  let undecided = false
  for (const look of [tls, ssh, http, redis, postgres]) {
    const verdict = look(bytes)
    if (verdict === 'maybe') undecided = true
    else if (verdict !== null) return verdict
  }
  return undecided ? UNDECIDED : NOTHING
}

function known(name: Protocol['name'], serverName: string | null = null): Guess {
  return { protocol: { name, serverName }, more: false }
}

/** RFC 8446, 5.1: a handshake record whose first message is a ClientHello. */
function tls(bytes: Buffer): Verdict {
  const [type, major, minor, , , message] = bytes
  const fits = type === 0x16 && (major ?? 3) === 3 && (minor ?? 0) <= 4 && (message ?? 1) === 1
  if (!fits) return null
  if (message === undefined) return 'maybe'
  const { serverName, whole } = readClientHello(bytes)
  return { ...known('TLS', serverName), more: !whole }
}

/** RFC 4253, 4.2. */
function ssh(bytes: Buffer): Verdict {
  return matches(bytes, /^SSH-/, /^(?:S|SS|SSH)$/, 'SSH')
}

/** A request line (RFC 9112, 3), or the first line of HTTP/2's preface (RFC 9113, 3.4). */
function http(bytes: Buffer): Verdict {
  const verdict = matches(
    bytes,
    /^[A-Z]{1,20} \S+ HTTP\/(?:1\.[01]|2\.0)\r?\n/,
    /^[A-Z]{1,20}(?: \S*(?: [HTP/.0-2]{0,8}\r?)?)?$/,
    'HTTP',
  )
  if (verdict === null || verdict === 'maybe' || verdict.protocol === null || hasEmptyLine(bytes)) return verdict
  // In a longer head it is not looked for.
  if (bytes.length >= GUESS_BYTES) return verdict
  return { protocol: { ...verdict.protocol, unfinished: true }, more: true }
}

/** The end of an HTTP head. */
function hasEmptyLine(bytes: Buffer): boolean {
  return bytes.includes('\n\r\n') || bytes.includes('\n\n')
}

/** An array of bulk strings, or a PING typed by hand (RESP). */
function redis(bytes: Buffer): Verdict {
  return matches(
    bytes,
    /^(?:\*\d{1,7}\r\n\$|PING\r?\n)/i,
    /^(?:\*(?:\d{1,7}\r?|\d{1,7}\r\n)?|P(?:I(?:N(?:G\r?)?)?)?)$/i,
    'Redis',
  )
}

const STARTUP_3 = 3
/** SSLRequest, GSSENCRequest and CancelRequest. */
const POSTGRES_REQUESTS = [80_877_103, 80_877_104, 80_877_102]
const STARTUP_LONGEST = 10_000

/** StartupMessage or one of the requests before it: a 32-bit length, then a version or a code. */
function postgres(bytes: Buffer): Verdict {
  if (bytes[0] !== 0 || (bytes[1] ?? 0) !== 0) return null
  if (bytes.length < 8) return 'maybe'
  const length = bytes.readUInt32BE(0)
  const code = bytes.readUInt32BE(4)
  const fits =
    length >= 8 && length <= STARTUP_LONGEST && (code >>> 16 === STARTUP_3 || POSTGRES_REQUESTS.includes(code))
  return fits ? known('PostgreSQL') : null
}

/** @param beginning the guess from fewer bytes */
function matches(bytes: Buffer, whole: RegExp, beginning: RegExp, name: Protocol['name']): Verdict {
  const text = bytes.toString('latin1')
  return whole.test(text) ? known(name) : beginning.test(text) ? 'maybe' : null
}
