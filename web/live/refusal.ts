/** Why the server refuses this page, if the page can find out. */
export type Refusal = 'token' | 'wrong-token' | 'protocol' | 'full' | 'address-full'

export interface Refused {
  refusal: Refusal | null
  /** The limit of readers that is reached. */
  limit: number | null
}

const NONE: Refused = { refusal: null, limit: null }

/**
 * Asks for the feed without an upgrade, because browsers do not say why a WebSocket was refused.
 * @returns null if the server does not answer
 */
export async function askRefused(token: string | null): Promise<Refused | null> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  try {
    const response = await fetch('ws', { headers })
    return readRefused(response.status, await response.json(), token !== null)
  } catch {
    return null
  }
}

/** Reads the answer to a request for `/ws`. */
export function readRefused(status: number, answer: unknown, hasToken: boolean): Refused {
  const { code, limit } = Object(answer) as { code?: unknown; limit?: unknown }
  if (status === 401) return { ...NONE, refusal: hasToken ? 'wrong-token' : 'token' }
  if (typeof limit !== 'number') return NONE
  if (code === 'TOO_MANY_READERS') return { refusal: 'full', limit }
  return code === 'TOO_MANY_FROM_ADDRESS' ? { refusal: 'address-full', limit } : NONE
}
