/**
 * Why the server refuses this page. `address`: it does not know the page's address. `upgrade`: it would accept the
 * WebSocket, but the upgrade does not reach it. `full`, `address-full`: too many readers, or too many from this address.
 */
export type Refusal = 'token' | 'wrong-token' | 'protocol' | 'address' | 'upgrade' | 'full' | 'address-full'

export interface Refused {
  /** Null: for another reason. */
  refusal: Refusal | null
  /** The limit of readers that is reached. */
  limit: number | null
}

const REFUSALS: Record<string, Refusal> = {
  ORIGIN_NOT_ALLOWED: 'address',
  HOST_NOT_ALLOWED: 'address',
  TOO_MANY_READERS: 'full',
  TOO_MANY_FROM_ADDRESS: 'address-full',
}

/** Asks the server, because browsers do not say why a WebSocket was refused. @returns null if it does not answer */
export async function askWhy(token: string | null, ask: typeof fetch = fetch): Promise<Refused | null> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  // Relative to the page. With this method the browser sends an Origin, as for the WebSocket.
  const answer = await ask('ws', { method: 'OPTIONS', headers }).catch(() => null)
  if (answer === null) return null
  if (answer.status === 204) return { refusal: 'upgrade', limit: null }
  if (answer.status === 401) return { refusal: token === null ? 'token' : 'wrong-token', limit: null }
  const { code, limit } = Object(await answer.json().catch(() => null)) as { code?: unknown; limit?: unknown }
  return { refusal: REFUSALS[String(code)] ?? null, limit: typeof limit === 'number' ? limit : null }
}
