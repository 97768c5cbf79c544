import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../../../server/app.ts'
import { Guesses } from '../../../../server/http/access/guesses.ts'
import { startServer } from '../../../support/app.ts'

const TOKEN = 'only-the-teacher-has-it'

const wrong = (): null => null
const right = (): string => 'full'

/** Asks with a token, from one of this machine's addresses. */
async function ask(app: App, localAddress: string, token: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` }
  const asked = request({ host: '127.0.0.1', port: app.uiPort, localAddress, headers, path: '/api/join', agent: false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer.resume()
}

test('wrong tokens are slowed for their address, and the right one of another address is taken at once', async () => {
  const app = await startServer({ token: TOKEN })
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(app, '127.0.0.5', `a wrong one ${i}`)))
  const refused = answers.filter(({ statusCode }) => statusCode === 429)
  expect(answers.filter(({ statusCode }) => statusCode === 401).length + refused.length).toBe(100)
  // On a slow machine a few more are checked.
  expect(refused.length).toBeGreaterThan(50)
  expect(refused[0]?.headers['retry-after']).toBe('1')
  expect((await ask(app, '127.0.0.1', TOKEN)).statusCode).toBe(200)
})

test('after 20 wrong tokens, an address gets five checks a second, of right tokens too', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const guesses = new Guesses()
  for (let i = 0; i < 20; i++) expect(await guesses.check('a', wrong)).toBeNull()
  expect(await guesses.check('a', right)).toBe('full')
  expect(await guesses.check('a', wrong)).toBeNull()
  // The clock is frozen, so only the real timers of these checks end.
  const waiting = Array.from({ length: 20 }, () => guesses.check('a', right))
  const answers = await Promise.all(waiting)
  expect(answers.filter((answer) => answer === 'full')).toHaveLength(5)
  expect(answers.filter((answer) => answer === 'too many')).toHaveLength(15)
  expect(await guesses.check('b', right)).toBe('full')
  vi.advanceTimersByTime(10_000)
  expect(await guesses.check('a', right)).toBe('full')
})

test('right tokens are never slowed on their own', async () => {
  const guesses = new Guesses()
  for (let i = 0; i < 1_000; i++) expect(await guesses.check('a', right)).toBe('full')
})
