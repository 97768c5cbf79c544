import { LANGUAGES } from '../../shared/language.ts'
import { BEHAVIORS } from '../../shared/vocabulary.ts'
import { hosts, integer, ipAddress, MAX_INT, onOff, oneOf, optional, type Read, token } from './values.ts'

// The only list of options. The help text, the parsing of flags and variables, and docs/options.md are generated from
// this list.

export interface Option<T = unknown> {
  flag: string
  /** The value's placeholder in the help text. */
  value: string
  default: string
  /** Describes the default if `default` is empty. */
  defaultText?: string
  /** Appears in the help text and in docs/options.md. */
  help: string
  /** The flag needs no value, and has a `--no-…` form. */
  isSwitch?: true
  /** The flag can be repeated. */
  isList?: true
  read: Read<T>
}

/** Behaviors that need no rules. */
const AT_START = BEHAVIORS.filter((behavior) => behavior !== 'scripted')

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const OPTIONS = {
  port: {
    flag: 'port',
    value: 'PORT',
    default: '8080',
    help: 'TCP port to listen on; 0 picks a free port',
    read: integer(0, 65_535),
  },
  /** null: all addresses of the machine, dual-stack if it has IPv6. */
  host: {
    flag: 'host',
    value: 'IP',
    default: '',
    defaultText: 'all addresses',
    help: 'IP address to listen on; all addresses means one dual-stack socket on ::, or 0.0.0.0 without IPv6',
    read: optional(ipAddress),
  },
  backlog: {
    flag: 'backlog',
    value: 'N',
    default: '511',
    help: 'accept queue limit to request; the kernel caps it at net.core.somaxconn',
    read: integer(1, MAX_INT),
  },
  behavior: {
    flag: 'behavior',
    value: 'NAME',
    default: 'echo',
    help: `what the server does with the bytes it receives: ${orList(AT_START)}, until another one is chosen on the page; scripted can only be chosen there, or over the API`,
    read: oneOf(AT_START),
  },
  greeting: {
    flag: 'greeting',
    value: 'on|off',
    default: 'on',
    help: 'send each client a first line with its own 4-tuple',
    isSwitch: true,
    read: onOff,
  },
  greetingLanguage: {
    flag: 'greeting-language',
    value: LANGUAGES.join('|'),
    default: 'en',
    help: 'language of the greeting, until another one is chosen on the page',
    read: oneOf(LANGUAGES),
  },
  /** null: as many as the descriptor limit allows. */
  maxConnections: {
    flag: 'max-connections',
    value: 'N',
    default: '',
    defaultText: 'descriptor limit minus 64',
    help: 'live connections; the server closes further ones at once and counts them as refused',
    read: optional(integer(1, MAX_INT)),
  },
  idleTimeoutMs: {
    flag: 'idle-timeout',
    value: 'SECONDS',
    default: '0',
    help: 'close a connection after this many seconds without a byte in either direction; 0 means never',
    read: (given) => integer(0, Math.floor(MAX_INT / 1000), 'never')(given) * 1000,
  },
  /** The kernel takes up to 32,767 seconds (MAX_TCP_KEEPIDLE), and Node ignores its refusal of more. */
  keepaliveMs: {
    flag: 'keepalive',
    value: 'SECONDS',
    default: '60',
    help: 'probe a client (TCP keepalive) after this many seconds of silence, then every second; a client that leaves 10 probes unanswered has vanished, and its connection ends. 0 means never',
    read: (given) => integer(0, 32_767, 'never')(given) * 1000,
  },
  uiPort: {
    flag: 'ui-port',
    value: 'PORT',
    default: '3000',
    help: 'port of the dashboard and the API; 0 picks a free port',
    read: integer(0, 65_535),
  },
  uiHost: {
    flag: 'ui-host',
    value: 'IP',
    default: '127.0.0.1',
    help: 'IP address of the dashboard and the API; one that other machines can reach requires --token, or ONEPORT_TOKEN=none',
    read: ipAddress,
  },
  allowHosts: {
    flag: 'allow-host',
    value: 'NAME',
    default: '',
    defaultText: 'none',
    help: 'additional Host name that the dashboard accepts; repeatable, or separated by commas',
    isList: true,
    read: hosts,
  },
  token: {
    flag: 'token',
    value: 'TOKEN',
    default: '',
    defaultText: 'none',
    help: 'token that the dashboard and the API require, at least 16 characters; auto makes one, and none means none',
    read: token,
  },
  readOnly: {
    flag: 'read-only',
    value: 'on|off',
    default: 'off',
    help: 'view only: the dashboard and the API reject every POST and DELETE',
    isSwitch: true,
    read: onOff,
  },
  maxReaders: {
    flag: 'max-readers',
    value: 'N',
    default: '64',
    help: 'dashboards and readers of /api/events at the same time, half of them from one address',
    read: integer(1, 1_000),
  },
  captureBytes: {
    flag: 'capture-bytes',
    value: 'N',
    default: '65536',
    help: 'newest payload bytes to keep for each connection and direction, 64 MiB in total; 0 keeps none',
    read: integer(0, MAX_INT),
  },
  closedKept: {
    flag: 'closed-kept',
    value: 'N',
    default: '10000',
    help: 'closed connections to remember',
    read: integer(0, 1_000_000),
  },
  logLevel: {
    flag: 'log-level',
    value: 'LEVEL',
    default: 'info',
    help: `lowest level to log: ${orList(LOG_LEVELS)}; debug includes every accept and close`,
    read: oneOf(LOG_LEVELS),
  },
} satisfies Record<string, Option>

/** The environment variable that sets an option. */
export function variableOf({ flag }: { flag: string }): string {
  return `ONEPORT_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** The default as shown to people. */
export function defaultOf({ default: value, defaultText }: Option): string {
  return defaultText ?? value
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
