import { plural } from './plural.ts'

/** Texts of the clients, one row for each address. */
export const clientMessages = {
  label: 'Clients by address',
  form: 'How clients are shown',
  forms: { clients: 'Table', board: 'Board' },
  columns: {
    address: 'Client',
    live: 'Live',
    closed: 'Closed',
    problem: 'Worst problem',
    bytesIn: 'Bytes in',
    bytesOut: 'Bytes out',
    lastAt: 'Last activity',
  },
  /** Problems of the port that one address causes; as short as those of connections. */
  troubles: { flooding: 'Floods the port', reconnecting: 'Keeps reconnecting' },
  unfiltered: 'All clients are listed: the filter applies to connections and events.',
  /** Of the connections that have closed, the page has only some. */
  counted: (kept: string, total: string) => `Counted from live connections and ${kept} of ${total} closed ones.`,
  clear: 'Clear the filter',
  open: 'Show these connections',
  waiting: (count: number, formatted: string) =>
    `${formatted} new ${plural(count, { one: 'address', other: 'addresses' })}`,
}
