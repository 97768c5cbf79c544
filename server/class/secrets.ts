import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** Without letters and digits that look alike on a projector: 31 of them, so 6 make 887 million codes. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const CODE_LENGTH = 6

export const newSecret = (): string => randomBytes(32).toString('base64url')

/** A code to type from a projector, such as `7KM-2QX`. */
export function newCode(): string {
  const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${code.slice(0, 3)}-${code.slice(3)}`
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret))
}

/** A code as it was typed, like those of `newCode`. */
export function plainCode(typed: string): string {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return `${code.slice(0, 3)}-${code.slice(3)}`
}
