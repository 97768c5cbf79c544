/**
 * Why the server refuses this page. `address`: it does not know the page's address. `upgrade`: it would accept the
 * WebSocket, but the upgrade does not reach it.
 */
export type Refusal = 'token' | 'wrong-token' | 'protocol' | 'address' | 'upgrade'

/** Asks the server, because browsers do not say why a WebSocket was refused. @returns null if it does not answer */
export async function askWhy(token: string | null, ask: typeof fetch = fetch): Promise<Refusal | null> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  // Relative to the page. With this method the browser sends an Origin, as for the WebSocket.
  const answer = await ask('ws', { method: 'OPTIONS', headers }).catch(() => null)
  if (answer === null) return null
  if (answer.status === 204) return 'upgrade'
  if (answer.status === 401) return token === null ? 'token' : 'wrong-token'
  const { code } = (await answer.json().catch(() => ({}))) as { code?: unknown }
  return code === 'ORIGIN_NOT_ALLOWED' || code === 'HOST_NOT_ALLOWED' ? 'address' : null
}
