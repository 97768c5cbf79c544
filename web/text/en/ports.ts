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
    pidHint: 'Number of the listener process, which holds this socket and those of all clients',
    fd: 'Descriptor',
    fdHint: 'The number under which that process knows the socket (/proc/<pid>/fd)',
    inode: 'Inode',
    since: 'Open for',
    accepted: 'Accepted',
    acceptedHint: 'Clients that accept() took from the queue since the port is open: a new socket for each',
    refused: 'Refused',
    refusedHint: 'Clients that the server turned away, at its limit or because it could not keep up',
    behavior: 'Behavior',
    behaviors: {
      echo: 'echo: sends back what it gets (RFC 862)',
      discard: 'discard: takes all, says nothing (RFC 863)',
      chargen: 'chargen: sends characters for ever (RFC 864)',
      silent: 'silent: takes all, says nothing but the greeting, and leaves a half-closed connection so',
    } satisfies Record<Behavior, string>,
    greeting: 'Greeting',
    greetingHint: 'The language of the line that tells each newcomer its own 4-tuple',
    limit: 'Limit',
    limitUse: (live: string, limit: string) => `${live} of ${limit}`,
    limitHint: 'Live connections before new ones are refused',
    limitDescriptors: (limit: string) =>
      `Live connections before new ones are refused; the process may have ${limit} descriptors`,
    restarts: 'Restarts',
    restartsHint: 'How often the listener process died and was started again',
    unfold: 'All figures',
    fold: 'Fewer figures',
    carries: 'It carries no data: its byte counters do not exist.',
  },
  queue: {
    heading: 'Accept queue',
    gauge: (length: string, limit: string) => `${length} of ${limit} waiting`,
    overFull: 'Full, with one over its limit, as the kernel counts: further SYNs are dropped.',
    gaugeHint: 'Clients whose handshake is done and that no accept() has taken yet',
    overflows: 'All ports: overflows',
    drops: 'SYNs dropped',
    since: (since: string, total: string) => `${since} (${total} in all)`,
    dropsHint:
      'Since this page was opened, and since the machine’s start; of all listening sockets of this network namespace together',
    stop: 'Stop accepting',
    again: 'Accept again',
    stopHint: 'The port stays open: newcomers finish the handshake and wait in the kernel’s accept queue',
    againHint: 'Takes all who wait from the accept queue',
    stopped: 'Stopped. New clients now wait in the accept queue.',
    showWaiting: 'Show them',
    resumed: 'Accepting again.',
    resumedServed: (count: number, formatted: string) => `Accepting again: ${formatted} ${clients(count)} waited.`,
  },
  charts: {
    accepts: 'Accepts',
    closes: 'Closes',
    bytes: 'Bytes',
    bytesIn: 'in',
    bytesOut: 'out',
    now: 'now',
    aria: (what: string) => `${what} a second over the last minutes`,
  },
}
