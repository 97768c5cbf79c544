import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { Tokens } from '../../../../server/http/access/tokens.ts'
import { reachableAddresses } from '../../../../server/own-address.ts'
import type { JoinFacts } from '../../../../shared/join.ts'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'
import { openFeed } from '../../../support/feed.ts'
import { joinTokenOf } from '../../../support/join.ts'

const TOKEN = 'a token of the teacher'
const NO_CLASS = { session: null }

describe('the token of the join link', () => {
  test('needs no URL escaping, and is another one for each run with the same token', () => {
    const [first, second] = [new Tokens(TOKEN, NO_CLASS), new Tokens(TOKEN, NO_CLASS)]
    expect(first.join).toMatch(/^[\w-]{43}$/)
    expect(second.join).not.toBe(first.join)
    expect(second.holderOf(first.join)).toBeNull()
  })

  test('is distinguished from the full token and from invalid ones', () => {
    const tokens = new Tokens(TOKEN, NO_CLASS)
    expect(tokens.holderOf(TOKEN)).toEqual({ right: 'full', student: null, classId: null })
    expect(tokens.holderOf(tokens.join)).toEqual({ right: 'join', student: null, classId: null })
    for (const wrong of ['', 'x', tokens.join.slice(1), tokens.join.toLowerCase(), `${TOKEN}\0`]) {
      expect(tokens.holderOf(wrong), wrong).toBeNull()
    }
  })
})

describe('with a token', () => {
  const server = sharedServer({ token: TOKEN, uiHost: '0.0.0.0', allowHosts: ['lab.example'] })
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

  test('a reader with the full token gets the parts of the link', async () => {
    const { status, body, headers } = await getJson<JoinFacts>(server(), '/api/join', bearing(TOKEN))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      token: await joinTokenOf(server(), TOKEN),
      port: server().uiPort,
      allowHosts: ['lab.example'],
      startedWith: [
        { flag: 'port', variable: 'ONEPORT_PORT', value: '0' },
        { flag: 'ui-port', variable: 'ONEPORT_UI_PORT', value: '0' },
      ],
    })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('the link’s token cannot get the parts of the link', async () => {
    const answer = await getJson(server(), '/api/join', bearing(await joinTokenOf(server(), TOKEN)))
    expect(answer).toMatchObject({ status: 403, body: { code: 'FULL_TOKEN_REQUIRED' } })
    expect(await getJson(server(), '/api/join')).toMatchObject({ status: 401 })
  })

  test('the hello frame says whether the reader is view-only, and has its address', async () => {
    const joined = await openFeed(server().uiPort, bearing(await joinTokenOf(server(), TOKEN)))
    expect(joined.hello).toMatchObject({ readOnly: true, joined: true, readerAddress: '127.0.0.1' })
    const full = await openFeed(server().uiPort, bearing(TOKEN))
    expect(full.hello).toMatchObject({ readOnly: false, joined: false })
  })

  test.each(['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'])(
    'the address of a proxy that sends %s is not taken for the reader’s',
    async (name) => {
      const { hello } = await openFeed(server().uiPort, { headers: { ...bearing(TOKEN).headers, [name]: '192.0.2.1' } })
      expect(hello).toMatchObject({ readerAddress: null })
    },
  )
})

test('without a token there is no join token', async () => {
  const server = await startServer()
  expect((await getJson<JoinFacts>(server, '/api/join')).body).toMatchObject({ token: null, addresses: [] })
  expect((await openFeed(server.uiPort)).hello).toMatchObject({ readOnly: false, joined: false })
})

test('other machines reach what is bound to all addresses, or to one that is not loopback', () => {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outside = entries.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)
  expect(reachableAddresses('::').toSorted()).toEqual(outside.toSorted())
  expect(reachableAddresses('0.0.0.0')).toEqual(outside.filter((address) => !address.includes(':')))
  for (const address of outside) expect(reachableAddresses(address)).toEqual([address])
  for (const address of ['127.0.0.1', '127.0.0.9', '::1']) expect(reachableAddresses(address)).toEqual([])
})
