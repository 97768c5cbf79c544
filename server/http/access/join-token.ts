import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** `join`: the link for a class, which only looks. */
export type Right = 'full' | 'join'

const PURPOSE = 'oneport join link: look, change nothing'

/**
 * The token of the join link, which lasts as long as the server's own: nothing is kept, and it does not lead back to that one
 * (HMAC-SHA256, RFC 2104).
 */
export function joinToken(token: string): string {
  return createHmac('sha256', token).update(PURPOSE).digest('base64url')
}

/** Tells what a token that was sent may do, in a time that says nothing of how nearly right it is. */
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

/** Of one length, as the comparison wants them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
