import { beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { Connection } from '../../../../shared/connection.ts'
import { parseFilter, WORDS_MAX } from '../../../../shared/filter/filter.ts'
import { ListenerDown } from '../../../../server/listener-failure.ts'
import { EntrySelector } from '../../../../server/http/routes/select-entries.ts'
import { TextSearch } from '../../../../server/ports/text-search.ts'
import { ConnectionTable } from '../../../../server/table/table.ts'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'
import { type Client, openClient } from '../../../support/clients.ts'
import { Feed, openFeed } from '../../../support/feed.ts'
import { PageTable } from '../../../support/page-table.ts'

interface Answer {
  total: number
  misread?: { word: string; nearest: string | null }[]
  items: Connection[]
  ids: number[]
}

const ask = async (path: string, filter: string, app = server()) =>
  getJson<Answer & { code: string; message: string }>(app, `/api/${path}state=any&filter=${encodeURIComponent(filter)}`)

const server = sharedServer({ greeting: false })
let page: PageTable

/** Of the page and of the API, sorted. */
const found = async (filter: string): Promise<{ api: number[]; page: number[] }> => {
  const { body } = await ask('connections/ids?', filter)
  const { matches } = parseFilter(filter)
  const rows = [...page.table.rows()].filter((row) => matches(row, Date.now()))
  return { api: body.ids, page: rows.map(({ id }) => id).sort((a, b) => a - b) }
}

describe('of real connections', () => {
  beforeAll(async () => {
    const feed = new Feed(new WebSocket(`ws://localhost:${server().uiPort}/ws`))
    page = new PageTable(feed)
    await feed.until('the snapshot is whole', ({ table }) => table.synced)
    const open: Client[] = []
    for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.1.4']) {
      const client = await openClient(server().port, { localAddress })
      open.push(client.read())
      await page.row('accepted', ({ remote }) => remote.port === client.local.port)
    }
    open[0]?.socket.write('GET /index.html HTTP/1.1\r\n\r\n')
    open[1]?.socket.end()
    open[2]?.socket.write('Hello, World')
    await page.row('echoed', ({ id, bytesOut }) => id === 1 && bytesOut > 0)
    await page.row('closed', ({ id, live }) => id === 2 && !live)
    await page.row('echoed', ({ id, bytesOut }) => id === 3 && bytesOut === 12)
    return () => {
      feed.close()
      open.forEach(({ socket }) => socket.destroy())
    }
  })

  test.for([
    ['', [1, 2, 3]],
    ['ip:127.0.0.0/24', [1, 2]],
    ['-ip:127.0.0.0/24', [3]],
    ['ip:127.0.0.3-127.0.1.4', [2, 3]],
    ['by:client how:fin', [2]],
    ['"closed by client" OR http', [1, 2]],
    ['protocol:http', [1]],
    ['state:live -bytes>24', [3]],
    ['sate:open', []],
    ['age>1h OR age<1h #3', [3]],
  ] as const)('%j finds the same on the page and through the API', async ([filter, ids]) => {
    expect(await found(filter)).toEqual({ api: ids, page: ids })
  })

  test.skipIf(process.platform !== 'linux')(
    "the kernel's states and queues are found where both have a sample",
    async () => {
      await expect.poll(() => found('ESTABLISHED')).toEqual({ api: [1, 3], page: [1, 3] })
      await expect.poll(() => found('kernel:est sendq<1 recvq<=0')).toEqual({ api: [1, 3], page: [1, 3] })
    },
  )

  test('text: is searched in what was sent in either direction', async () => {
    const ids = async (filter: string) => (await ask('connections/ids?', filter)).body.ids
    expect(await ids('text:"get /index"')).toEqual([1])
    expect(await ids('text:WORLD OR by:client')).toEqual([2, 3])
    expect(await ids('-text:hello')).toEqual([1, 2])
    expect(await ids('text:absent')).toEqual([])
  })

  test('the list is filtered before it is cut into pages, and has no field for what was read well', async () => {
    const { body } = await ask('connections?sort=id&limit=1&', 'bytes>0')
    expect(Object.keys(body)).toEqual(['total', 'items'])
    expect(body).toMatchObject({ total: 2, items: [{ id: 1 }] })
    const live = await getJson<Answer>(server(), '/api/connections/ids?filter=ip:127.0.0.')
    expect(live.body.ids).toEqual([1])
  })

  test('the answer names the words that are no terms, with the nearest one', async () => {
    const misread = [
      { word: 'sendqueue>0', nearest: 'sendq>' },
      { word: '-foo:1', nearest: null },
    ]
    for (const path of ['connections?', 'connections/ids?']) {
      const { status, body } = await ask(path, 'sendqueue>0 -foo:1')
      expect(status).toBe(200)
      expect(body).toMatchObject({ total: 0, misread })
    }
  })

  test.for([
    ['x'.repeat(10_000), /filter must NOT have more than 2000 characters/],
    ['"'.repeat(2_001), /2000/],
    ['😀'.repeat(1_001), /2000/],
    ['x '.repeat(WORDS_MAX + 1), /more than 50 words/],
    ['text:a OR text:b OR text:c OR text:d', /more than 3 different text: terms/],
  ] as const)('a filter that is too much is 400 INVALID and says why', async ([filter, message]) => {
    const { status, body } = await ask('connections?', filter)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'INVALID', message: expect.stringMatching(message) as string })
  })
})

test('a text is found as soon as the record has counted its bytes, also after its connection has closed', async () => {
  const app = await startServer({ behavior: 'discard', greeting: false })
  const feed = await openFeed(app.uiPort)
  for (let id = 1; id <= 3; id++) {
    const client = await openClient(app.port, {})
    client.socket.end(`client ${id} says ${'x'.repeat(id * 100)}`)
    await feed.connection('closed', (connection) => connection.id === id && connection.close)
    const { body } = await ask('connections/ids?', `text:"client ${id}"`, app)
    expect(body.ids).toEqual([id])
  }
})

describe('searches', () => {
  test('that are asked for while one is running share the next one', async () => {
    const asked: string[][] = []
    const first = Promise.withResolvers<number[][]>()
    const search = new TextSearch((texts) => {
      asked.push(texts)
      return asked.length === 1 ? first.promise : Promise.resolve(texts.map((text) => [text.length]))
    })
    const answers = [search.find(['a']), search.find(['a', 'bb']), search.find(['ccc', 'a'])]
    first.resolve([[7]])
    expect(await Promise.all(answers)).toEqual([
      new Map([['a', new Set([7])]]),
      ...Array(2).fill(
        new Map([
          ['a', new Set([1])],
          ['bb', new Set([2])],
          ['ccc', new Set([3])],
        ]),
      ),
    ])
    expect(asked).toEqual([['a'], ['a', 'bb', 'ccc']])
  })

  test('that fail fail for those who asked, and for nobody after them', async () => {
    const outcomes = [null, [[1]]]
    const search = new TextSearch(() => Promise.resolve(outcomes.shift() ?? null))
    await expect(search.find(['a'])).rejects.toBeInstanceOf(ListenerDown)
    expect(await search.find(['a'])).toEqual(new Map([['a', new Set([1])]]))
  })

  test('are refused while eight are running', async () => {
    const running = Promise.withResolvers<Map<string, Set<number>>>()
    const actions = { search: () => running.promise } as unknown as ConstructorParameters<
      typeof EntrySelector
    >[0]['actions']
    const selector = new EntrySelector({ table: new ConnectionTable(1), actions })
    const select = () => selector.select({ state: 'any', filter: 'text:x' })
    const eight = Array.from({ length: 8 }, select)
    await expect(select()).rejects.toMatchObject({ statusCode: 503, code: 'TOO_MANY_SEARCHES' })
    running.resolve(new Map())
    await Promise.all(eight)
    expect((await select()).entries).toEqual([])
  })
})
