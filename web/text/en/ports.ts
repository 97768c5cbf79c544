import type { Behavior, ListenerState } from '../../../shared/stream.ts'
import { plural } from './plural.ts'

const clients = (count: number) => plural(count, { one: 'client', other: 'clients' })

/** Texts of the card of the listening socket. */
export const portsMessages = {
  listener: {
    heading: 'Listening socket',
    /** One word for the badge. */
    state: { accepting: 'Accepting', paused: 'Not accepting', down: 'Down' } satisfies Record<ListenerState, string>,
    dualStack: 'IPv4 and IPv6',
    familyOnly: (family: 4 | 6) => `IPv${family} only`,
    pid: 'Process',
    pidHint: 'Process ID of the listener process, which owns this socket and all client sockets',
    fd: 'Descriptor',
    fdHint: 'The process’s number for this socket (/proc/<pid>/fd)',
    inode: 'Inode',
    since: 'Open for',
    accepted: 'Accepted',
    acceptedHint: 'Connections taken by accept() since the port opened, each with a new socket',
    refused: 'Refused',
    refusedHint: 'Connections the server closed at once, because it was at its limit or couldn’t keep up',
    behavior: 'Behavior',
    behaviors: {
      echo: 'echo: sends back all data (RFC 862)',
      discard: 'discard: reads all data, sends none (RFC 863)',
      chargen: 'chargen: sends characters without end (RFC 864)',
      silent: 'silent: reads all data, sends only the greeting, keeps half-closed connections',
      scripted: 'scripted: when certain bytes come, answers with others',
    } satisfies Record<Behavior, string>,
    greeting: 'Greeting',
    greetingHint: 'Language of the first line each client gets, with its 4-tuple',
    limit: 'Limit',
    limitUse: (live: string, limit: string) => `${live} of ${limit}`,
    limitHint: 'Maximum number of live connections; further ones are refused',
    limitDescriptors: (limit: string) =>
      `Maximum number of live connections; further ones are refused. The process can have ${limit} descriptors.`,
    restarts: 'Restarts',
    restartsHint: 'How often the listener process died and was restarted',
    unfold: 'Show more',
    fold: 'Show less',
    carries: 'Accepts connections; never carries data.',
  },
  attention: (count: number, formatted: string) =>
    `${formatted} ${plural(count, { one: 'needs', other: 'need' })} attention`,
  queue: {
    heading: 'Accept queue',
    gauge: (length: string, limit: string) => `${length} of ${limit} waiting`,
    overFull: 'Queue full: the kernel is dropping new connections.',
    gaugeHint: 'Connections whose handshake is complete but that accept() hasn’t taken yet',
    overflows: 'Overflows (all ports)',
    drops: 'Connection attempts dropped',
    since: (since: string, total: string) => `${since} (${total} total)`,
    dropsHint: 'Since this page opened (and since boot), for all listening sockets in this network namespace',
    stop: 'Stop accepting',
    again: 'Resume accepting',
    stopHint: 'The port stays open: new clients complete the handshake and wait in the accept queue',
    againHint: 'Accepts everything in the accept queue',
    showWaiting: 'Show queue',
    resumed: 'Accepting resumed.',
    resumedServed: (count: number, formatted: string) =>
      `Accepting resumed: ${formatted} ${clients(count)} ${plural(count, { one: 'was', other: 'were' })} waiting in the queue.`,
  },
  charts: {
    accepts: 'Accepts',
    closes: 'Closes',
    bytes: 'Bytes',
    bytesIn: 'in',
    bytesOut: 'out',
    now: 'now',
    aria: (what: string) => `${what} per second over the last few minutes`,
  },
}
