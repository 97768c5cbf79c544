import type { Behavior } from './vocabulary.ts'

/** When these bytes come, answer those. Both are text with escapes: \n, \r, \t, \\ and \xHH. */
export interface Rule {
  when: string
  answer: string
}

/** What the server does with bytes. The rules are for `scripted`; the others keep them. */
export interface BehaviorSetting {
  behavior: Behavior
  rules: readonly Rule[]
}

export const RULES_MAX = 20
/** Limits of a rule, in characters. */
export const WHEN_MAX = 200
export const ANSWER_MAX = 1_000

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([nrt\\])|)/g
const MEANING: Record<string, number> = { n: 10, r: 13, t: 9, '\\': 92 }

/** The bytes of a text with escapes, the rest as UTF-8; null: a backslash begins no escape. */
export function bytesOfText(text: string): Uint8Array | null {
  const parts: Uint8Array[] = []
  let from = 0
  for (const { 0: whole, 1: hex, 2: letter, index } of text.matchAll(ESCAPE)) {
    const byte = hex === undefined ? MEANING[letter ?? ''] : Number.parseInt(hex, 16)
    if (byte === undefined) return null
    parts.push(new TextEncoder().encode(text.slice(from, index)), Uint8Array.of(byte))
    from = index + whole.length
  }
  parts.push(new TextEncoder().encode(text.slice(from)))
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

/** The text with its control characters as escapes, so that one line can show it. */
export function onOneLine(text: string): string {
  const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return text.replaceAll(
    /\p{Cc}/gu,
    (char) => names[char] ?? [...new TextEncoder().encode(char)].map((byte) => `\\x${hexOf(byte)}`).join(''),
  )
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
