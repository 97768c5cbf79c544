import type { Close } from '../../../shared/connection.ts'
import type { ProblemCode } from '../../../shared/diagnosis.ts'
import type { TcpState } from '../../../shared/kernel.ts'
import { plural } from './plural.ts'

/** Texts for what the server reports, shared by the features that show it. */
export const liveMessages = {
  state: { open: 'Open', 'half-closed': 'Half-closed', closed: 'Closed' },
  stateHints: {
    open: 'Both directions are open (ESTABLISHED)',
    'half-closed': 'The client has sent FIN and can’t send any more data. The server can still send (CLOSE_WAIT).',
    finSent:
      'The server has sent FIN and can’t send any more data. The client can still send (FIN_WAIT_1, then FIN_WAIT_2).',
    bothFin: 'Both sides have sent FIN. Neither can send any more data.',
    closed: 'The connection has closed',
  },
  /** How a connection ended and which side ended it. */
  ended: {
    fin: { peer: 'Closed by client · FIN', server: 'Closed by server · FIN', system: 'Closed by system · FIN' },
    reset: { peer: 'Reset by client · RST', server: 'Reset by server · RST', system: 'Reset by system · RST' },
    /** After another beginning. */
    thenReset: { peer: 'then RST by client', server: 'then RST by server' },
    idle: 'Idle timeout',
    timeout: 'Timed out',
    error: 'Error',
    listenerDied: 'Listener process died',
  } satisfies Record<'fin' | 'reset', Record<Close['by'], string>> & Record<string, unknown>,
  byHand: {
    readingPaused: 'server not reading',
    finSent: 'FIN from server',
  },
  /** At most 24 characters: the list's column is narrow. */
  problems: {
    waiting: 'In the accept queue',
    'peer-not-reading': 'Client stopped reading',
    retransmitting: 'No ACKs',
    vanished: 'Client doesn’t answer',
    'not-closed': 'Server hasn’t closed',
    unread: 'Server hasn’t read',
    'tls-to-plain': 'TLS to a plain-text port',
    'unfinished-request': 'Request unfinished',
  } satisfies Record<ProblemCode, string>,
  retransmits: (count: number, formatted: string) =>
    `${formatted} ${plural(count, { one: 'retransmit', other: 'retransmits' })}`,
  tcp: {
    LISTEN: 'waits for connections; carries no data',
    SYN_SENT: 'SYN sent; waiting for the answer',
    SYN_RECV: 'SYN received and answered; waiting for the last ACK of the handshake',
    ESTABLISHED: 'handshake complete; data can flow both ways',
    CLOSE_WAIT: 'the client has sent FIN; the server program hasn’t called close() yet',
    LAST_ACK: 'both sides have sent FIN; the server’s FIN isn’t acknowledged yet',
    FIN_WAIT_1: 'the server has sent FIN; the client hasn’t acknowledged it yet',
    FIN_WAIT_2: 'the client has acknowledged the server’s FIN but hasn’t sent its own',
    CLOSING: 'both sides sent FIN at the same time; the server’s FIN isn’t acknowledged yet',
    TIME_WAIT:
      'the server closed first; the kernel keeps the 4-tuple for a minute so that late packets can’t reach a new connection',
    CLOSED: 'the kernel no longer has this socket',
  } satisfies Record<TcpState, string>,
  noSocket: 'not in the latest kernel sample',
  notSampled: 'Not sampled since it was accepted',
  recvQueue: (bytes: string) => `${bytes} received but not read by the server program`,
  sendQueue: (bytes: string) => `${bytes} waiting to be sent or acknowledged`,
  sample: {
    now: 'Kernel sampled just now',
    fresh: (age: string) => `Kernel sampled ${age} ago`,
    stale: (age: string) => `Out of date: kernel last sampled ${age} ago`,
    waiting: 'Kernel not sampled yet',
    lost: 'Out of date: connection to the server lost',
    took: (ms: string) => `Sampling took ${ms}`,
    source: {
      sock_diag: 'from NETLINK_SOCK_DIAG, as ss(8) reads it',
      proc: 'from /proc/net/tcp, which has fewer fields',
    },
    unavailable: (reason: string) => `Kernel data unavailable: ${reason}.`,
  },
  otherCommands: {
    heading: 'Without nc and telnet',
    python: 'Python, on any system. Enter closes the connection.',
    powershell: 'PowerShell. It connects, and closes at once.',
  },
  closedKept: {
    of: (kept: string, total: string) => `${kept} of ${total}`,
    count: (kept: string, total: string) => `This page has ${kept} of ${total} closed connections.`,
    page: (limit: string) => `It keeps the newest ${limit}.`,
    server: (limit: string) => `The server keeps at most ${limit} (--closed-kept).`,
    older: (count: string) => `The server keeps ${count} more.`,
    someOlder: 'The server may keep more.',
  },
  kernelUnavailable: 'Kernel data unavailable here',
  unknownRemote: 'unknown: reset before the server could read the address',
  you: 'you',
  youHint: 'You marked this connection as yours',
  none: 'none',
  unknown: 'unknown',
  queueFull: (formatted: string) =>
    `The client has stopped reading and the send buffer is full (${formatted} waiting). Nothing was sent.`,
  errors: {
    CONNECTION_CLOSED: 'It has closed.',
    CONNECTION_NOT_FOUND: 'The server no longer keeps this connection.',
    FIN_SENT: 'The server has already sent FIN, so it can’t send any more data.',
    SEND_QUEUE_FULL: 'The client has stopped reading and the send buffer is full. Nothing was sent.',
    LISTENER_DOWN: 'The listener process has exited and its connections are gone. A new one is starting.',
    BODY_TOO_LARGE: 'Too large: the server accepts at most 1 MiB in one request.',
    TOO_MANY_REQUESTS: 'Too many requests. Wait a few seconds.',
    TOO_MANY_DOWNLOADS: 'Too many downloads in progress. Try again in a moment.',
    TOO_MANY_SEARCHES: 'Too many searches in progress. Try again in a moment.',
    HOST_NOT_ALLOWED: 'The server rejects requests for this page’s host name. Add the name with --allow-host.',
    ORIGIN_NOT_ALLOWED:
      'The server rejects changes: the page’s address doesn’t match the Host header. Add it with --allow-host, or let the reverse proxy pass Host unchanged.',
    READ_ONLY: 'This page is read-only.',
    FULL_TOKEN_REQUIRED: 'You opened a view-only link. Only the holder of the full token can create links.',
    PAUSE_UNAVAILABLE: 'This server can’t stop accepting: that needs Linux and the koffi package.',
    TOKEN_REQUIRED: 'Token required.',
    LISTENER_UNRESPONSIVE: 'The listener process doesn’t respond. It may still carry out the request later.',
    GREETING_OFF: 'This server was started with --no-greeting.',
    CLIENT_NOT_FOUND: 'This built-in client has closed.',
    NOT_THIS_LISTENER: 'Built-in clients can connect only to this port, at an address of this machine.',
    TOO_MANY_CLIENTS: 'Too many built-in clients are open. Close some of them.',
    CROWD_OPEN: 'Another page has opened a crowd of clients. It closes after three minutes at the latest.',
    CROWD_FLOODED: 'The behavior is chargen: its bytes would fill the memory of this machine. Choose another one.',
    CROWD_ENDED: 'The clients were closed.',
    NO_ROOM: 'The server has no room for so many clients.',
    NOT_ACCEPTING: 'The server doesn’t accept at the moment.',
    EADDRNOTAVAIL: 'The kernel refused: the address isn’t local to this machine, or the 4-tuple is already in use.',
    EADDRINUSE: 'The kernel refused: the address and port are in use.',
    EACCES: 'The kernel refused: ports below 1024 need privileges.',
    ECONNREFUSED: 'The kernel answered with RST: no socket is listening there.',
    ETIMEDOUT: 'No answer to the SYN: the accept queue is full, so the kernel drops the SYN.',
    unreachable: 'The server doesn’t answer.',
  },
}
