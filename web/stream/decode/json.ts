import { type Emit, shown } from './annotation.ts'
import type { Cursor, Reading } from './cursor.ts'

const LINE_MAX = 16_384
const KEYS_MAX = 4
const KEY_MAX = 20

/** Whether an object or an array can begin with this byte. */
export function beginsJson(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b
}

/** A line with one JSON object or array. @returns false, without moving, if it is none */
export function* readJson(cursor: Cursor, emit: Emit): Reading<boolean> {
  const line = yield* cursor.line(LINE_MAX)
  if (line === null) return false
  const label = describe(cursor.text(line.length))
  if (label === null) return false
  emit(cursor.at, cursor.at + line.whole, `JSON ${label}`)
  cursor.at += line.whole
  return true
}

/** The keys of an object or the length of an array; null: the text is not JSON. */
function describe(text: string): string | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (Array.isArray(value)) return `[${value.length}]`
  const keys = Object.keys(value ?? {})
  const names = keys.slice(0, KEYS_MAX).map((key) => shown(key, KEY_MAX))
  return `{${[...names, ...(keys.length > KEYS_MAX ? ['…'] : [])].join(', ')}}`
}
