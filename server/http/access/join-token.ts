import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** `join`: the view-only link for a class. */
export type Right = 'full' | 'join'

const PURPOSE = 'oneport join link: look, change nothing'

/**
 * The token of the join link. It is derived from the server's token (HMAC-SHA256, RFC 2104), so nothing has to be
 * stored, and the server's token cannot be computed from it.
 */
export function joinToken(token: string): string {
  return createHmac('sha256', token).update(PURPOSE).digest('base64url')
}

/** @returns a function that tells what a token allows. It compares in constant time, so its duration reveals nothing. */
export function rightsOf(token: string): (given: string) => Right | null {
  const full = digest(token)
  const join = digest(joinToken(token))
  return (given) => {
    const sent = digest(given)
    const isFull = timingSafeEqual(sent, full)
    const isJoin = timingSafeEqual(sent, join)
    return isFull ? 'full' : isJoin ? 'join' : null
  }
}

/** timingSafeEqual needs equal lengths. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
