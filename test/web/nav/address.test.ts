import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FILTER_MAX } from '../../../shared/filter/filter.ts'
import { type Address, readAddress, SHOWS, START, TABS, VIEWS, writeAddress } from '../../../web/nav/address.ts'

const PAGE = 'https://host/oneport/'

const read = (href: string): Address => readAddress(new URL(href, PAGE))
const write = (change: Partial<Address>, href = PAGE): string => writeAddress({ ...START, ...change }, href)

const addresses: fc.Arbitrary<Address> = fc
  .record({
    port: fc.option(fc.integer({ min: 1, max: 65_535 })),
    view: fc.constantFrom(...VIEWS),
    projector: fc.boolean(),
    show: fc.constantFrom(...SHOWS),
    filter: fc.string({ unit: 'grapheme', maxLength: 40 }),
    sort: fc.option(fc.constantFrom('-idle', 'remote')),
    unread: fc.constant([]),
  })
  .chain((rest) =>
    fc
      .oneof(
        fc.record({
          side: fc.constant('connection' as const),
          connection: fc.nat(),
          tab: fc.constantFrom(...TABS),
        }),
        fc.record({
          side: fc.constantFrom(null, 'lookup' as const, 'lesson' as const, 'summary' as const),
          connection: fc.constant(null),
          tab: fc.constant('facts' as const),
        }),
      )
      .map((side) => ({ ...rest, ...side })),
  )

const text = fc.string({ unit: 'binary', maxLength: 30 })

describe('the page’s address', () => {
  test('every address is read as it was written', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(read(writeAddress(address, PAGE))).toEqual(address)
      }),
    )
  })

  test('anything else is read too, and what it then says is written and read the same', () => {
    fc.assert(
      fc.property(text, text, (search, hash) => {
        const url = new URL(PAGE)
        url.search = search
        url.hash = hash
        const address = { ...readAddress(url), unread: [] }
        expect({ ...read(writeAddress(address, url.href)), unread: [] }).toEqual(address)
      }),
    )
  })

  test('a page as it opens has a bare address, below any path', () => {
    expect(write({})).toBe(PAGE)
    expect(write({ view: 'clients', side: 'connection', connection: 618, tab: 'bytes' })).toBe(
      `${PAGE}?view=clients#c=618&bytes`,
    )
  })

  test('a filter can be read by people', () => {
    expect(write({ filter: 'problem:* ip=10.0.0.0/8' })).toBe(`${PAGE}?q=problem:*+ip=10.0.0.0/8`)
  })

  test('parameters of others stay', () => {
    const href = write({ view: 'events' }, `${PAGE}?token=a%2Bb&view=picture#lesson`)
    expect(href).toBe(`${PAGE}?token=a%2Bb&view=events`)
  })

  test.for([
    ['#c=12', { side: 'connection', connection: 12, tab: 'facts' }],
    ['#c=12&bytes', { side: 'connection', connection: 12, tab: 'bytes' }],
    ['#lesson', { side: 'lesson', view: 'picture' }],
    ['?view=picture', { view: 'picture' }],
    ['?view=list', { view: 'connections' }],
    ['?projector&view=board', { view: 'board', projector: true }],
  ] satisfies [string, Partial<Address>][])('an address of an earlier version still works: %s', ([href, meaning]) => {
    expect(read(href)).toEqual({ ...START, ...meaning })
  })

  test.for([
    ['?view=nowhere', 'view=nowhere'],
    ['?show=some', 'show=some'],
    ['?port=http', 'port=http'],
    ['?port=70000', 'port=70000'],
    ['?port=0', 'port=0'],
    ['#nothing', '#nothing'],
    ['#c=x', '#c=x'],
    ['#c=99999999999999999999', '#c=99999999999999999999'],
    ['#c=1&nothing', '#c=1&nothing'],
  ])('what does not exist is named, and the rest is as it opens: %s', ([href = '', part = '']) => {
    expect(read(href)).toEqual({ ...START, unread: [part] })
  })

  test('a filter that is too long stays too long, and no longer than needed', () => {
    expect(read(`?q=${'a'.repeat(10_000)}`).filter).toHaveLength(FILTER_MAX + 1)
  })
})
