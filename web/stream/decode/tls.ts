import type { Emit } from './annotation.ts'
import type { Cursor, Reading } from './cursor.ts'

/** RFC 8446, 5.1, and RFC 5246, 6.2.1. */
const RECORDS: Record<number, string> = { 20: 'ChangeCipherSpec', 21: 'Alert', 22: 'Handshake', 23: 'Application Data' }
const CHANGE_CIPHER_SPEC = 20
const HANDSHAKE = 22
const HEADER = 5
/** Of TLS 1.2, with the expansion that compression and encryption are allowed. */
const LENGTH_MAX = 2 ** 14 + 2_048

/** RFC 8446, 4, and RFC 5246, 7.4. */
const MESSAGES: Record<number, string> = {
  0: 'HelloRequest',
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  5: 'EndOfEarlyData',
  8: 'EncryptedExtensions',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
  20: 'Finished',
  22: 'CertificateStatus',
  24: 'KeyUpdate',
}
const MESSAGE_HEADER = 4

/** Whether a TLS record can begin with this byte. */
export function beginsRecord(byte: number): boolean {
  return RECORDS[byte] !== undefined
}

/** TLS records for as long as they follow each other. @returns false, without moving, if none begins here */
export function* readTls(cursor: Cursor, emit: Emit): Reading<boolean> {
  // After ChangeCipherSpec, handshake messages are encrypted. A message may continue in the next record.
  let readable = true
  let left = 0
  for (let count = 0; ; count++) {
    const record = yield* readHeader(cursor)
    if (record === null) return count > 0
    const { type, version, length } = record
    const start = cursor.at
    const label = `TLS ${version} ${RECORDS[type]}`
    const end = start + HEADER + length
    if (type === CHANGE_CIPHER_SPEC) readable = false
    if (type === HANDSHAKE && readable) {
      const whole = yield* readMessages(cursor, end, left, label, length, emit)
      readable = whole !== null
      left = whole ?? 0
    } else emit(start, start + HEADER, label, length)
    cursor.at = end
  }
}

/** The header at the cursor, which does not move; null: this is none. */
function* readHeader(cursor: Cursor): Reading<{ type: number; version: string; length: number } | null> {
  yield* cursor.need(1)
  const type = cursor.byte(0)
  if (!beginsRecord(type)) return null
  yield* cursor.need(2)
  if (cursor.byte(1) !== 3) return null
  yield* cursor.need(HEADER)
  const minor = cursor.byte(2)
  const length = cursor.byte(3) * 256 + cursor.byte(4)
  if (minor > 4 || length === 0 || length > LENGTH_MAX) return null
  return { type, version: minor === 0 ? 'SSL 3.0' : `1.${minor - 1}`, length }
}

/**
 * Labels the record with its first handshake message, and each further message in it.
 * @param left bytes of a message that began in an earlier record
 * @returns bytes of the last message that are still to come; null: a message's header is cut, so the next one cannot be found
 */
function* readMessages(
  cursor: Cursor,
  end: number,
  left: number,
  label: string,
  length: number,
  emit: Emit,
): Reading<number | null> {
  const start = cursor.at
  cursor.at += HEADER
  if (left > 0) emit(start, cursor.at, label, length)
  let next = cursor.at + left
  for (let first = left === 0; next < end; first = false) {
    cursor.at = next
    yield* cursor.need(1)
    const name = MESSAGES[cursor.byte(0)]
    const to = next + 1
    if (first) emit(start, to, name === undefined ? label : `${label}: ${name}`, length)
    if (name === undefined || next + MESSAGE_HEADER > end) return null
    yield* cursor.need(MESSAGE_HEADER)
    const size = cursor.byte(1) * 65_536 + cursor.byte(2) * 256 + cursor.byte(3)
    if (!first) emit(next, next + MESSAGE_HEADER, `TLS ${name}`, size)
    next += MESSAGE_HEADER + size
  }
  return next - end
}
