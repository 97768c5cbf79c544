import { expect, test } from 'vitest'
import { askWhy } from '../../../web/live/refusal.ts'

const answer = (status: number, code?: string) =>
  new Response(status === 204 ? null : JSON.stringify({ code }), { status })

test.for([
  [answer(204), null, 'upgrade'],
  [answer(401, 'TOKEN_REQUIRED'), null, 'token'],
  [answer(401, 'TOKEN_REQUIRED'), 'abc', 'wrong-token'],
  [answer(403, 'ORIGIN_NOT_ALLOWED'), null, 'address'],
  [answer(403, 'HOST_NOT_ALLOWED'), 'abc', 'address'],
  [answer(403, 'SOMETHING_NEW'), null, null],
  [new Response('<h1>Bad Gateway</h1>', { status: 502 }), null, null],
  [new Response('<h1>Forbidden</h1>', { status: 403 }), null, null],
] as const)('the answer %o means that, with the token %s: %s', async ([response, token, refusal]) => {
  const asked: unknown[] = []
  const why = await askWhy(token, async (...request) => {
    asked.push(request)
    return response.clone()
  })
  expect(why).toBe(refusal)
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  expect(asked).toEqual([['ws', { method: 'OPTIONS', headers }]])
})

test('a server that does not answer gives no reason', async () => {
  expect(await askWhy(null, () => Promise.reject(new TypeError('Failed to fetch')))).toBeNull()
})
