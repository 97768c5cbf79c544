// Every closed list of words in the API, the frames and the page. Without TypeBox, because the page imports these
// values.

/** `half-closed`: the client has sent FIN, the server has not. */
export const CONNECTION_STATES = ['open', 'half-closed', 'closed'] as const

/** Who ended a connection first. `system`: neither side did, for example a timeout or an error. */
export const CLOSE_BY = ['peer', 'server', 'system'] as const
export type CloseBy = (typeof CLOSE_BY)[number]

export const CLOSE_HOW = ['fin', 'reset', 'timeout', 'error'] as const
export type CloseHow = (typeof CLOSE_HOW)[number]

export const RESET_BY = ['peer', 'server'] as const
export type ResetBy = (typeof RESET_BY)[number]

/** Whose account of a close it is. */
export const EVIDENCE_SOURCES = ['both', 'kernel'] as const

export const FAMILIES = [4, 6] as const

/** Protocols that the server can guess from a client's first bytes. */
export const PROTOCOL_NAMES = ['HTTP', 'TLS', 'SSH', 'Redis', 'PostgreSQL'] as const

/** `fin`: close(2). `half`: shutdown(2) of the server's direction, so the client can still send. `reset`: RST. */
export const CLOSE_ACTIONS = ['fin', 'half', 'reset'] as const
export type CloseAction = (typeof CLOSE_ACTIONS)[number]

export const ACTION_KINDS = ['send', ...CLOSE_ACTIONS, 'pause-reading', 'resume-reading', 'behavior'] as const
export type ActionKind = (typeof ACTION_KINDS)[number]

/**
 * Why the listener process refuses an action. CONNECTION_CLOSED: no live connection has this id. FIN_SENT: the server
 * has already sent FIN. SEND_QUEUE_FULL: the client does not read.
 */
export const ACTION_REFUSALS = ['CONNECTION_CLOSED', 'FIN_SENT', 'SEND_QUEUE_FULL'] as const
export type ActionRefusal = (typeof ACTION_REFUSALS)[number]

/** `scripted` answers by rules, and so cannot be chosen before there are rules. */
export const BEHAVIORS = ['echo', 'discard', 'chargen', 'silent', 'scripted'] as const
export type Behavior = (typeof BEHAVIORS)[number]

/** `paused`: on request. `down`: because of a fault. `stopping`: the server shuts down and has closed the port. */
export const LISTENER_STATES = ['accepting', 'paused', 'down', 'stopping'] as const
export type ListenerState = (typeof LISTENER_STATES)[number]

/** `max-connections`: the limit is reached. `behind`: connections arrive faster than the control process can list them. */
export const REFUSED_WHY = ['max-connections', 'behind'] as const
export type RefusedWhy = (typeof REFUSED_WHY)[number]

/** `in`: from the client. `out`: to the client. */
export const DIRECTIONS = ['in', 'out'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** The states of RFC 9293 in the kernel's spelling, in the order of a connection's life (3.3.2). */
export const TCP_STATES = [
  'LISTEN',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSING',
  'TIME_WAIT',
  'CLOSED',
] as const
export type TcpState = (typeof TCP_STATES)[number]

/** Named as in ss(8): `on` is the retransmission timer, `persist` probes a closed window. */
export const TIMERS = ['on', 'keepalive', 'timewait', 'persist', 'unknown'] as const

/** The source of the kernel's facts: netlink, or files in /proc/net. */
export const KERNEL_SOURCES = ['sock_diag', 'proc'] as const

/** What can be wrong with a live connection, the weightiest first. */
export const PROBLEMS = [
  'peer-not-reading',
  'retransmitting',
  'vanished',
  'waiting',
  'not-closed',
  'unread',
  'tls-to-plain',
  'unfinished-request',
] as const
export type ProblemCode = (typeof PROBLEMS)[number]

/** What can be wrong with a port beyond its single connections. */
export const PORT_PROBLEMS = ['accept-queue-full', 'flooding', 'not-closed-growing', 'reconnecting'] as const

/** `critical`: bytes do not arrive. `warning`: something waits that should not have to. */
export const SEVERITIES = ['critical', 'warning'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What is wrong with a socket that has no connection. */
export const SOCKET_PROBLEMS = ['handshake-only'] as const

/** What a packet reaches. */
export const VERDICTS = ['connected', 'listening', 'time-wait', 'reset'] as const
export type Verdict = (typeof VERDICTS)[number]

/**
 * The steps of a lookup. `tuple`: a socket with exactly this 4-tuple. `address`: a listening socket on this address
 * and port. `any`: a listening socket on this port of all addresses. `syn`: whether the packet can open a connection.
 */
export const LOOKUP_STEPS = ['tuple', 'address', 'any', 'syn'] as const
export type LookupStep = (typeof LOOKUP_STEPS)[number]

/** Codes of `error` frames. */
export const FRAME_ERRORS = [
  'BINARY_FRAME',
  'FRAME_TOO_LARGE',
  'MALFORMED_FRAME',
  'UNKNOWN_TYPE',
  'CONNECTION_NOT_FOUND',
] as const
export type FrameError = (typeof FRAME_ERRORS)[number]
