import { type Conversation, type Emit, shown } from './annotation.ts'
import type { Cursor, Reading } from './cursor.ts'

const LINE_MAX = 8_192
const METHOD_MAX = 20
const SPACE = 0x20
const SLASH = 0x2f
/** Unanswered requests that are remembered. */
const METHODS_MAX = 100
const LABEL_MAX = 60

const REQUEST = /^([A-Z]{1,20}) (\S+) HTTP\/1\.[01]$/
const STATUS = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/

/** An HTTP/1.1 message (RFC 9112). @returns false, without moving, if none begins here */
export function* readHttp(cursor: Cursor, conversation: Conversation, emit: Emit): Reading<boolean> {
  if (!(yield* beginsWithWord(cursor))) return false
  const start = cursor.at
  const line = yield* cursor.textLine(LINE_MAX)
  if (line === null) return false
  const [, method, target = ''] = REQUEST.exec(line) ?? []
  const [, status, reason = ''] = STATUS.exec(line) ?? []
  const label = method === undefined ? status && `${status} ${reason}`.trimEnd() : `${method} ${target}`
  if (label === undefined) {
    cursor.at = start
    return false
  }
  emit(start, cursor.at, `HTTP ${shown(label, LABEL_MAX)}`)
  if (method !== undefined && conversation.methods.length < METHODS_MAX) conversation.methods.push(method)
  const fields = yield* readFields(cursor)
  if (fields === null) return true
  yield* skipBody(cursor, fields, status === undefined ? null : answers(status, conversation))
  return true
}

/** Whether a method or a version comes first. Other text is not worth waiting for its line's end. */
function* beginsWithWord(cursor: Cursor): Reading<boolean> {
  for (let length = 0; length <= METHOD_MAX; length++) {
    yield* cursor.need(length + 1)
    const byte = cursor.byte(length)
    if (byte === SPACE || byte === SLASH) return length > 0
    if (byte < 0x41 || byte > 0x5a) return false
  }
  return false
}

/** The fields that tell where the message ends; null: a line is too long. */
function* readFields(cursor: Cursor): Reading<{ length: number | null; chunked: boolean } | null> {
  const fields: { length: number | null; chunked: boolean } = { length: null, chunked: false }
  for (;;) {
    const line = yield* cursor.textLine(LINE_MAX)
    if (line === null) return null
    if (line === '') return fields
    const [, length] = /^content-length:[ \t]*(\d{1,15})[ \t]*$/i.exec(line) ?? []
    if (length !== undefined) fields.length = Number(length)
    if (/^transfer-encoding:.{0,100}chunked[ \t]*$/i.test(line)) fields.chunked = true
  }
}

type Answer = 'without-body' | 'with-body'

/** Whether a response has a body (RFC 9112, 6.3). */
function answers(status: string, { methods }: Conversation): Answer {
  // An informational response is not the answer yet, except for the change of protocols.
  const method = status.startsWith('1') && status !== '101' ? undefined : methods.shift()
  const tunnel = method === 'CONNECT' && status.startsWith('2')
  return method === 'HEAD' || tunnel || /^1|^204|^304/.test(status) ? 'without-body' : 'with-body'
}

function* skipBody(
  cursor: Cursor,
  { length, chunked }: { length: number | null; chunked: boolean },
  answer: Answer | null,
): Reading<void> {
  if (answer === 'without-body') return
  if (chunked) return yield* skipChunks(cursor)
  // A response without a length ends with the connection.
  cursor.at += length ?? (answer === null ? 0 : Infinity)
}

/** RFC 9112, 7.1. */
function* skipChunks(cursor: Cursor): Reading<void> {
  for (;;) {
    const line = yield* cursor.textLine(LINE_MAX)
    const [, size] = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line ?? '') ?? []
    if (size === undefined) return
    if (parseInt(size, 16) === 0) break
    cursor.at += parseInt(size, 16) + 2
  }
  yield* readFields(cursor)
}
