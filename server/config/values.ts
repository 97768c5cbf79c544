import { isLinkLocal, readAddress } from '../../shared/endpoint.ts'
import { allowedHost } from '../host-name.ts'

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

/** @param zero what 0 means, if it is no quantity */
export function integer(min: number, max: number, zero: string | null = null): Read<number> {
  return (given) => {
    const number = /^\d{1,15}$/.test(given.value) ? Number(given.value) : NaN
    if (number >= min && number <= max) return number
    throw bad(given, `is not a whole number from ${min} to ${max}${zero === null ? '' : `; 0 means ${zero}`}`)
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
  const address = readAddress(given.value)
  if (address !== null && isLinkLocal(address) && !address.includes('%')) {
    throw bad(given, 'is a link-local address, so its interface is needed, as in fe80::1%eth0')
  }
  if (address !== null) return address
  throw bad(given, 'is not an IP address')
}

/** Host names, as typed. */
export function hosts(given: Given): string[] {
  const typed = given.value
    .split(',')
    .map((host) => host.trim())
    .filter(Boolean)
  for (const value of typed) {
    if (allowedHost(value) === null) throw bad({ ...given, value }, 'is not a host name; write it as dash.example.com')
  }
  return typed
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
