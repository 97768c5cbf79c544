import { type Conversation, type Emit, shown } from './annotation.ts'
import type { Cursor, Reading } from './cursor.ts'

// RESP, versions 2 and 3 (the Redis serialization protocol).

const LINE_MAX = 1_024
const COUNT_MAX = 16
const WORD_MAX = 40
const DEPTH_MAX = 32

const BULK = '$=!'
const AGGREGATE: Record<string, number> = { '*': 1, '~': 1, '>': 1, '%': 2, '|': 2 }
const SIMPLE = '+-:_,#('

/** Whether a command can begin with this byte: an array, or PING typed by hand. */
export function beginsCommand(byte: number): boolean {
  return byte === 0x2a || byte === 0x50 || byte === 0x70
}

export function beginsReply(byte: number): boolean {
  const character = String.fromCharCode(byte)
  return BULK.includes(character) || SIMPLE.includes(character) || AGGREGATE[character] !== undefined
}

/** A command. @returns false, without moving, if none begins here */
export function* readCommand(cursor: Cursor, conversation: Conversation, emit: Emit): Reading<boolean> {
  const start = cursor.at
  const head = yield* shortLine(cursor)
  if (/^ping$/i.test(head ?? '')) {
    conversation.redis = true
    emit(start, cursor.at, `Redis ${head}`)
    return true
  }
  const [, count] = /^\*([1-9]\d{0,6})$/.exec(head ?? '') ?? []
  const name = count === undefined ? null : yield* readWord(cursor)
  if (name === null) {
    cursor.at = start
    return false
  }
  conversation.redis = true
  const more = Number(count) - 1
  const key = more === 0 ? null : yield* readWord(cursor)
  if (key === null) emit(start, name.to, `Redis ${name.text}`)
  else emit(start, key.to, `Redis ${name.text} ${key.text}`)
  yield* skipValues(cursor, key === null ? more : more - 1, 1)
  return true
}

/** A reply. @returns false, without moving, if none begins here */
export function* readReply(cursor: Cursor, emit: Emit): Reading<boolean> {
  const start = cursor.at
  const line = yield* cursor.textLine(LINE_MAX)
  const type = line?.charAt(0) ?? ''
  const size = Number(/^.(-?\d{1,12})$/.exec(line ?? '')?.[1] ?? NaN)
  const say = (label: string, bytes?: number): void => emit(start, cursor.at, `Redis ${label}`, bytes)
  if (line !== null && line.length > 0 && SIMPLE.includes(type)) {
    say(line === '_' ? 'null' : shown(line, WORD_MAX))
    return true
  }
  if (Number.isNaN(size)) {
    cursor.at = start
    return false
  }
  if (size < 0) say('null')
  else if (BULK.includes(type)) {
    say('string', size)
    cursor.at += size + 2
  } else {
    say(`array [${size}]`)
    yield* skipValues(cursor, size * (AGGREGATE[type] ?? 1), 1)
  }
  return true
}

/** A bulk string, as a word for a label; null, without moving, for anything else. */
function* readWord(cursor: Cursor): Reading<{ text: string; to: number } | null> {
  const start = cursor.at
  const [, digits] = /^\$(\d{1,9})$/.exec((yield* shortLine(cursor)) ?? '') ?? []
  if (digits === undefined) {
    cursor.at = start
    return null
  }
  const length = Number(digits)
  const count = Math.min(length, WORD_MAX + 1)
  yield* cursor.need(count)
  const word = { text: shown(cursor.text(count), WORD_MAX), to: cursor.at + count }
  cursor.at += length + 2
  return word
}

/** Skips values with everything in them. It stops where there is none. @returns whether all were there */
function* skipValues(cursor: Cursor, count: number, depth: number): Reading<boolean> {
  if (depth > DEPTH_MAX) return false
  for (let index = 0; index < count; index++) {
    yield* cursor.need(1)
    if (!beginsReply(cursor.byte(0))) return false
    const line = yield* cursor.textLine(LINE_MAX)
    if (line === null) return false
    const type = line.charAt(0)
    if (SIMPLE.includes(type)) continue
    const size = Number(/^.(-?\d{1,12})$/.exec(line)?.[1] ?? NaN)
    if (Number.isNaN(size)) return false
    if (size < 0) continue
    if (BULK.includes(type)) cursor.at += size + 2
    else if (!(yield* skipValues(cursor, size * (AGGREGATE[type] ?? 1), depth + 1))) return false
  }
  return true
}

/** A line with a type and a number. */
function* shortLine(cursor: Cursor): Reading<string | null> {
  return yield* cursor.textLine(COUNT_MAX)
}
