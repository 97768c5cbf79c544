import { FILTER_MAX } from '../../shared/filter/filter.ts'

/** The ways to look at a port. The board shows the clients as tiles. */
export const VIEWS = ['connections', 'clients', 'board', 'picture', 'events'] as const
export type View = (typeof VIEWS)[number]

/** `attention`: live connections with a problem. */
export const SHOWS = ['attention', 'all', 'live', 'closed'] as const
export type Show = (typeof SHOWS)[number]

/** The tabs of a connection's panel, in order. */
export const TABS = ['facts', 'bytes'] as const
export type Tab = (typeof TABS)[number]

const TOOLS = ['lookup', 'experiments', 'kernel', 'lesson', 'summary'] as const
/** What the panel beside the view shows. */
export type Side = 'connection' | (typeof TOOLS)[number]

/** What a person looks at. All of it is in the page's URL, so it can be reloaded, sent to someone and undone with Back. */
export interface Address {
  /** Null: the only port there is. */
  port: number | null
  view: View
  projector: boolean
  show: Show
  /** As typed. */
  filter: string
  /** A column, with `-` for descending; null: problems first. The list knows the columns. */
  sort: string | null
  side: Side | null
  /** The open connection; null unless `side` is `connection`. */
  connection: number | null
  tab: Tab
  /** Parts that name nothing the page has, as they were written. */
  unread: readonly string[]
}

export const START: Address = {
  port: null,
  view: 'connections',
  projector: false,
  show: 'all',
  filter: '',
  sort: null,
  side: null,
  connection: null,
  tab: 'facts',
  unread: [],
}

/** The view that an address without one has. Beside a step of the lesson, and behind its summary, that is the picture. */
export function startView(side: Side | null): View {
  return side === 'lesson' || side === 'summary' ? 'picture' : START.view
}

const OWN = ['port', 'view', 'projector', 'show', 'q', 'sort']
/** Written by no version of this page, but by people. */
const OTHER_NAMES: Partial<Record<string, View>> = { list: 'connections' }
const UNREAD_LENGTH = 60

type Parts = Pick<URL, 'search' | 'hash'>

/** Reads `?view=clients&q=…#c=12&bytes`. Nothing throws: what names nothing is `unread`. */
export function readAddress({ search, hash }: Parts): Address {
  const query = new URLSearchParams(search)
  const unread: string[] = []
  const place = sideOf(hash)
  const read = <T>(name: string, otherwise: T, known: (value: string) => T | undefined): T => {
    const value = query.get(name)
    if (value === null) return otherwise
    const found = known(value)
    if (found === undefined) unread.push(`${name}=${value}`.slice(0, UNREAD_LENGTH))
    return found ?? otherwise
  }
  return {
    port: read('port', null, portOf),
    view: read('view', startView(place.side), (value) => VIEWS.find((view) => view === value) ?? OTHER_NAMES[value]),
    projector: query.has('projector'),
    show: read('show', START.show, (value) => SHOWS.find((show) => show === value)),
    // One character more than allowed is enough to be told that it is too long.
    filter: (query.get('q') ?? '').slice(0, FILTER_MAX + 1),
    sort: query.get('sort'),
    ...place,
    unread: [...unread, ...place.unread],
  }
}

function portOf(value: string): number | undefined {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

function sideOf(hash: string): Pick<Address, 'side' | 'connection' | 'tab' | 'unread'> {
  const [, id, name] = /^#c=(\d{1,15})(?:&(\w+))?$/.exec(hash) ?? []
  const tab = name === undefined ? START.tab : TABS.find((known) => known === name)
  if (id !== undefined && tab !== undefined) return { side: 'connection', connection: Number(id), tab, unread: [] }
  const side = TOOLS.find((tool) => hash === `#${tool}`) ?? null
  const unread = side === null && hash.length > 1 ? [hash.slice(0, UNREAD_LENGTH)] : []
  return { side, connection: null, tab: START.tab, unread }
}

/**
 * The URL of this address: a query and a fragment, so it works below any path of a proxy.
 * @param href the page's URL; parameters that are not ours stay in it
 */
export function writeAddress(address: Address, href: string): string {
  const url = new URL(href)
  const foreign = new URLSearchParams([...url.searchParams].filter(([name]) => !OWN.includes(name))).toString()
  const own: [name: string, value: string | null, start: string | null][] = [
    ['port', address.port === null ? null : String(address.port), null],
    ['view', address.view, startView(address.side)],
    ['show', address.show, START.show],
    ['q', address.filter, ''],
    ['sort', address.sort, null],
  ]
  const query = [foreign, address.projector ? 'projector' : '']
  for (const [name, value, start] of own) {
    if (value !== null && value !== start) query.push(`${name}=${readable(value)}`)
  }
  url.search = query.filter(Boolean).join('&')
  url.hash = hashOf(address)
  return url.href
}

function hashOf({ side, connection, tab }: Address): string {
  if (side === null) return ''
  return side === 'connection' ? `#c=${connection ?? 0}${tab === START.tab ? '' : `&${tab}`}` : `#${side}`
}

/** Encoded, except for what a query may contain and a filter often does. */
function readable(value: string): string {
  return new URLSearchParams({ '': value })
    .toString()
    .slice(1)
    .replace(/%(?:3A|2F|2C|3D)/g, decodeURIComponent)
}
