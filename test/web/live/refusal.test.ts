import { expect, test } from 'vitest'
import { readRefused } from '../../../web/live/refusal.ts'

test.for([
  [401, { code: 'TOKEN_REQUIRED' }, false, { refusal: 'token', limit: null }],
  [401, { code: 'TOKEN_REQUIRED' }, true, { refusal: 'wrong-token', limit: null }],
  [503, { code: 'TOO_MANY_READERS', limit: 64 }, true, { refusal: 'full', limit: 64 }],
  [503, { code: 'TOO_MANY_FROM_ADDRESS', limit: 32 }, true, { refusal: 'address-full', limit: 32 }],
  [426, { code: 'UPGRADE_REQUIRED' }, true, { refusal: null, limit: null }],
  [502, null, true, { refusal: null, limit: null }],
] as const)('%i %j, with a token: %s', ([status, answer, hasToken, expected]) => {
  expect(readRefused(status, answer, hasToken)).toEqual(expected)
})
