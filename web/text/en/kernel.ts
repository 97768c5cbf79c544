import type { TcpState } from '../../../shared/kernel.ts'
import { actingMessages } from './act.ts'
import { experimentMessages } from './experiments.ts'
import { plural } from './plural.ts'
import { lookupMessages } from './lookup.ts'
import { diagnosisMessages, evidenceMessages, connectionMessages } from './connection.ts'

const sockets = (count: number) => plural(count, { one: 'socket', other: 'sockets' })
const clients = (count: number) => plural(count, { one: 'client', other: 'clients' })

/** Texts about what the kernel says. */
export const kernelMessages = {
  tcp: {
    LISTEN: 'waits for clients and carries no data',
    SYN_SENT: 'has sent SYN and waits for the answer',
    SYN_RECV: 'SYN received and answered; the handshake lacks its last ACK',
    ESTABLISHED: 'handshake done, data may flow both ways',
    CLOSE_WAIT: 'the client has sent FIN; our side has not closed yet',
    LAST_ACK: 'both have sent FIN; ours waits to be acknowledged',
    FIN_WAIT_1: 'we have sent FIN; it is not acknowledged yet',
    FIN_WAIT_2: 'our FIN is acknowledged; the client has not sent its own',
    CLOSING: 'both sent FIN at once; ours waits to be acknowledged',
    TIME_WAIT: 'we closed first; the 4-tuple is kept for a minute, so that late packets harm no new connection',
    CLOSED: 'the kernel has forgotten it',
  } satisfies Record<TcpState, string>,
  noSocket: 'no socket in the newest look at the kernel',
  notSampled: 'the kernel has not been asked since it was accepted',
  recvQueue: (bytes: string) => `${bytes} received and not read by the program`,
  sendQueue: (bytes: string) => `${bytes} sent and not acknowledged by the client`,
  sample: {
    now: 'Kernel asked just now',
    fresh: (age: string) => `Kernel asked ${age} ago`,
    stale: (age: string) => `Not current: the kernel was last asked ${age} ago`,
    waiting: 'The kernel has not been asked yet',
    lost: 'Not current: the link to the server is lost',
    took: (ms: string) => `It took ${ms} to answer`,
    source: {
      sock_diag: 'from NETLINK_SOCK_DIAG, as ss(8) reads it',
      proc: 'from /proc/net/tcp: fewer facts',
    },
  },
  card: {
    queue: 'Accept queue',
    gauge: (length: string, limit: string) => `${length} of ${limit} waiting`,
    overFull: 'Full, with one over its limit, as the kernel counts: further SYNs are dropped.',
    gaugeHint: 'Clients whose handshake is done and that no accept() has taken yet',
    noGauge: 'not known',
    carries: 'It carries no data: its byte counters do not exist.',
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
  agreement: {
    /** @param open whether there are others, which nobody can agree on */
    line: (count: number, both: string, total: string, open: boolean) =>
      `Server and kernel agree on ${both} of ${total} ${open ? 'open ' : ''}${sockets(count)}`,
    timeWait: (formatted: string) => `${formatted} in TIME_WAIT`,
    differ: (count: number, formatted: string) => `${formatted} ${plural(count, { one: 'differs', other: 'differ' })}`,
    unavailable: 'The kernel cannot be asked here',
    old: 'as of the last look',
    open: 'What differs, and why',
    heading: 'Server and kernel',
    intro:
      'Two witnesses of one port: the server’s own record of every connection it accepted, and the kernel’s table of sockets.',
    both: 'In both',
    onlyKernel: 'Only in the kernel',
    onlyServer: 'Only in the server',
    inTimeWait: 'In TIME_WAIT',
    nothing: 'Nothing differs: every connection of the server is a socket in the kernel, and the other way round.',
    nothingOpen:
      'Nothing differs: every open connection of the server is an open socket in the kernel, and the other way round.',
    more: (formatted: string) => `and ${formatted} more`,
    of: (id: string) => `connection ${id}`,
    noDescriptor: 'no descriptor',
    inode: (inode: string) => `inode ${inode}`,
    received: (bytes: string) => `${bytes} already received`,
    ends: (time: string) => `ends in ${time}`,
    ending: 'ends now',
    kinds: {
      waiting: ['Waiting to be accepted', 'The handshake is done; no accept() has taken them. No process holds them.'],
      handshake: ['In the handshake', 'The kernel has answered their SYN and waits for the last ACK.'],
      'just-closed': ['Just closed', 'The server’s record is closed; the newest look at the kernel was before that.'],
      'time-wait': [
        'TIME_WAIT',
        'The server closed first, so the kernel keeps the 4-tuple for a minute. No process holds them, so they are nobody’s to agree on.',
      ],
      'fin-wait': ['FIN_WAIT', 'Our side has closed and sent FIN; the client has not answered with its own.'],
      'last-ack': ['LAST_ACK or CLOSING', 'Both sides have sent FIN; ours is not acknowledged yet.'],
      other: ['Others', 'Sockets of the port that are no live connection of the server.'],
      'only-server': [
        'Only in the server',
        'Accepted after the newest look at the kernel, or gone there before the server has heard of it.',
      ],
    } satisfies Record<string, [title: string, why: string]>,
    /** Where it was not the server, as for all others in TIME_WAIT. */
    closedBy: { peer: 'both closed at once', system: 'the system ended it' },
  },
  unmatched: {
    label: 'Sockets that only the kernel has',
    waiting: 'In the kernel’s queue',
    waitingHint: 'Accepted by no one yet: no descriptor, inode 0',
    left: 'No record here',
    gone: 'Accepted or gone',
    more: (formatted: string) => `and ${formatted} more that only the kernel has`,
  },
  panel: connectionMessages,
  diagnosis: diagnosisMessages,
  evidence: evidenceMessages,
  errors: {
    ...actingMessages.errors,
    READ_ONLY: 'The server only lets this page look.',
    FULL_TOKEN_REQUIRED: 'You came by the link for a class: it makes no further links.',
    PAUSE_UNAVAILABLE: experimentMessages.needsSwitch,
    TOKEN_REQUIRED: 'The server asks for its token.',
    LISTENER_UNRESPONSIVE: 'The listener process does not answer just now; it may still do what it was asked.',
    GREETING_OFF: 'This server was started with --no-greeting.',
    CLIENT_NOT_FOUND: 'This built-in client is open no more.',
    NOT_THIS_LISTENER: 'Built-in clients connect to this listening socket only, at the addresses of this machine.',
    TOO_MANY_CLIENTS: 'No more built-in clients can be open at once: clean up some of them.',
    EADDRNOTAVAIL:
      'The kernel refuses: this address and port cannot be had, because the address is not this machine’s or the 4-tuple exists already.',
    EADDRINUSE: 'The kernel refuses: the address and port are in use.',
    EACCES: 'The kernel refuses: ports below 1024 are for privileged programs.',
    ECONNREFUSED: 'The kernel answered with RST: nothing listens there.',
    ETIMEDOUT: 'No answer to the SYN: the accept queue is full, and the kernel drops it.',
    unreachable: 'The server does not answer.',
    alias: (address: string) =>
      `Where the system has no ${address} (macOS), add it: sudo ifconfig lo0 alias ${address}`,
  },
  lookup: lookupMessages,
  experiments: experimentMessages,
}
