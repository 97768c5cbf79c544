import { expect, test } from 'vitest'
import { askWhy } from '../../../web/live/refusal.ts'

const answer = (status: number, body: object = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status })

test.for([
  [answer(204), null, 'upgrade', null],
  [answer(401, { code: 'TOKEN_REQUIRED' }), null, 'token', null],
  [answer(401, { code: 'TOKEN_REQUIRED' }), 'abc', 'wrong-token', null],
  [answer(403, { code: 'ORIGIN_NOT_ALLOWED' }), null, 'address', null],
  [answer(403, { code: 'HOST_NOT_ALLOWED' }), 'abc', 'address', null],
  [answer(503, { code: 'TOO_MANY_READERS', limit: 64 }), 'abc', 'full', 64],
  [answer(503, { code: 'TOO_MANY_FROM_ADDRESS', limit: 32 }), null, 'address-full', 32],
  [answer(403, { code: 'SOMETHING_NEW' }), null, null, null],
  [new Response('<h1>Bad Gateway</h1>', { status: 502 }), null, null, null],
  [new Response('<h1>Forbidden</h1>', { status: 403 }), null, null, null],
] as const)('the answer %o means that, with the token %s: %s', async ([response, token, refusal, limit]) => {
  const asked: unknown[] = []
  const why = await askWhy(token, async (...request) => {
    asked.push(request)
    return response.clone()
  })
  expect(why).toEqual({ refusal, limit })
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  expect(asked).toEqual([['ws', { method: 'OPTIONS', headers }]])
})

test('a server that does not answer gives no reason', async () => {
  expect(await askWhy(null, () => Promise.reject(new TypeError('Failed to fetch')))).toBeNull()
})
