import type { JoinFacts } from '../../shared/join.ts'
import { getJson } from './app.ts'

/** The token of the class link, which a server with a token makes at its start. */
export async function joinTokenOf(app: { uiPort: number }, token: string): Promise<string> {
  const { body } = await getJson<JoinFacts>(app, '/api/join', { headers: { authorization: `Bearer ${token}` } })
  if (body.token === null) throw new Error('a server without a token has no class link')
  return body.token
}
