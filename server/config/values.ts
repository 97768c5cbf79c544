import { isIP } from 'node:net'

// Functions that parse an option's text. Each throws a ConfigError that names the option.

/** An invalid value. The message is one line and names the option. */
export class ConfigError extends Error {}

export interface Given {
  /** The flag or variable that the value came from, for messages. */
  option: string
  value: string
  isDefault: boolean
}

export type Read<T> = (given: Given) => T

export const MAX_INT = 2 ** 31 - 1

export function integer(min: number, max: number): Read<number> {
  return (given) => {
    const number = /^\d{1,15}$/.test(given.value) ? Number(given.value) : NaN
    if (number >= min && number <= max) return number
    throw bad(given, `is not a whole number from ${min} to ${max}`)
  }
}

export function oneOf<T extends string>(words: readonly T[]): Read<T> {
  return (given) => {
    const word = words.find((candidate) => candidate === given.value)
    if (word !== undefined) return word
    throw bad(given, `is not one of ${words.join(', ')}`)
  }
}

const SWITCH_WORDS = new Map([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
])

export function onOff(given: Given): boolean {
  const state = SWITCH_WORDS.get(given.value)
  if (state !== undefined) return state
  throw bad(given, 'is neither on nor off')
}

export function ipAddress(given: Given): string {
  if (given.value === 'localhost') return '127.0.0.1'
  if (isIP(given.value) !== 0) return given.value
  throw bad(given, 'is not an IP address')
}

export function names({ value }: Given): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

/** Printable ASCII, which headers carry unchanged, too long to guess, and short enough for a URL in any browser. */
const TOKEN = /^(?! )[\x20-\x7e]{16,1024}(?<! )$/

/** Values of `--token` that are no token themselves. */
const TOKEN_WORDS = ['none', 'auto']

export function token({ option, value, isDefault }: Given): string | null {
  if (isDefault) return null
  // With `--token "$UNSET"` the user wanted a token, so do not start without one.
  if (value === '') throw new ConfigError(`${option}: the token is empty`)
  if (TOKEN.test(value) || TOKEN_WORDS.includes(value)) return value
  throw new ConfigError(
    `${option}: a token has 16 to 1,024 printable ASCII characters, without a space at either end; "auto" makes one`,
  )
}

export function optional<T>(read: Read<T>): Read<T | null> {
  return (given) => (given.value === '' ? null : read(given))
}

function bad({ option, value }: Given, complaint: string): ConfigError {
  return new ConfigError(`${option}: ${JSON.stringify(value)} ${complaint}`)
}
