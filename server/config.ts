import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { type Language, LANGUAGES } from '../shared/language.ts'
import { type Behavior, BEHAVIORS } from '../shared/vocabulary.ts'

export interface Config {
  port: number
  /** null: every address of the machine, dual-stack where there is IPv6. */
  host: string | null
  backlog: number
  behavior: Behavior
  greeting: boolean
  greetingLanguage: Language
  /** null: as many as the descriptor limit allows. */
  maxConnections: number | null
  idleTimeoutMs: number
  uiPort: number
  uiHost: string
  allowHosts: string[]
  token: string | null
  readOnly: boolean
  captureBytes: number
  closedKept: number
  logLevel: string
}

/** A value that cannot be used; the message is one line that names the option. */
export class ConfigError extends Error {}

interface Option {
  flag: string
  /** What the value looks like, for the help text. */
  value: string
  default: string
  help: string
  switch?: true
  list?: true
}

const OPTIONS = {
  port: { flag: 'port', value: 'PORT', default: '8080', help: 'TCP port to listen on (0: any free one)' },
  host: { flag: 'host', value: 'IP', default: '', help: 'address to listen on (all of them, IPv4 and IPv6)' },
  backlog: { flag: 'backlog', value: 'N', default: '511', help: 'accept-queue limit asked of the kernel' },
  behavior: { flag: 'behavior', value: 'NAME', default: 'echo', help: 'echo, discard, chargen or silent' },
  greeting: {
    flag: 'greeting',
    value: 'on|off',
    default: 'on',
    switch: true,
    help: 'tell each client its 4-tuple first',
  },
  greetingLanguage: { flag: 'greeting-language', value: 'en|ru', default: 'en', help: 'its language: en or ru' },
  maxConnections: {
    flag: 'max-connections',
    value: 'N',
    default: '',
    help: 'live connections at most (what the descriptor limit allows)',
  },
  idleTimeout: {
    flag: 'idle-timeout',
    value: 'SECONDS',
    default: '0',
    help: 'close a connection idle for so long (0: never)',
  },
  uiPort: {
    flag: 'ui-port',
    value: 'PORT',
    default: '3000',
    help: 'port of the dashboard and the API (0: any free one)',
  },
  uiHost: { flag: 'ui-host', value: 'IP', default: '127.0.0.1', help: 'address of the dashboard and the API' },
  allowHost: {
    flag: 'allow-host',
    value: 'NAME',
    default: '',
    list: true,
    help: 'further Host names the dashboard answers to',
  },
  token: { flag: 'token', value: 'TOKEN', default: '', help: 'token that the dashboard and the API require' },
  readOnly: {
    flag: 'read-only',
    value: 'on|off',
    default: 'off',
    switch: true,
    help: 'the dashboard and the API only look',
  },
  captureBytes: {
    flag: 'capture-bytes',
    value: 'N',
    default: '65536',
    help: 'newest payload bytes kept of each connection and direction (0: none)',
  },
  closedKept: { flag: 'closed-kept', value: 'N', default: '10000', help: 'closed connections remembered' },
  logLevel: {
    flag: 'log-level',
    value: 'LEVEL',
    default: 'info',
    help: 'trace, debug, info, warn, error, fatal or silent',
  },
} satisfies Record<string, Option>

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
const MAX_INT = 2 ** 31 - 1

type Name = keyof typeof OPTIONS
type Env = Record<string, string | undefined>

/**
 * Flags over environment variables over defaults.
 * @throws ConfigError
 */
export function readConfig(argv: string[], env: Env): Config {
  const flags = readFlags(argv)
  const text = (name: Name): Given => {
    const { flag, default: fallback } = OPTIONS[name]
    const fromFlag = flags.get(flag)
    if (fromFlag !== undefined) return { option: `--${flag}`, value: fromFlag }
    const variable = variableOf(flag)
    // An empty variable is what Compose makes of an unset one.
    const fromEnv = env[variable]
    return fromEnv ? { option: variable, value: fromEnv } : { option: `--${flag}`, value: fallback }
  }

  const config: Config = {
    port: integer(text('port'), 0, 65_535),
    host: optional(text('host'), address),
    backlog: integer(text('backlog'), 1, MAX_INT),
    behavior: oneOf(text('behavior'), BEHAVIORS),
    greeting: onOff(text('greeting')),
    greetingLanguage: oneOf(text('greetingLanguage'), LANGUAGES),
    maxConnections: optional(text('maxConnections'), (given) => integer(given, 1, MAX_INT)),
    idleTimeoutMs: integer(text('idleTimeout'), 0, Math.floor(MAX_INT / 1000)) * 1000,
    uiPort: integer(text('uiPort'), 0, 65_535),
    uiHost: address(text('uiHost')),
    allowHosts: text('allowHost')
      .value.split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    token: token(text('token'), flags.has('token')),
    readOnly: onOff(text('readOnly')),
    captureBytes: integer(text('captureBytes'), 0, MAX_INT),
    closedKept: integer(text('closedKept'), 0, 1_000_000),
    logLevel: oneOf(text('logLevel'), LOG_LEVELS),
  }
  if (config.port !== 0 && config.port === config.uiPort) {
    throw new ConfigError(`--port and --ui-port are both ${config.port}: give the dashboard a port of its own`)
  }
  return openly(config)
}

/** A dashboard that other machines can reach needs a token, or the word that it needs none. */
function openly(config: Config): Config {
  if (config.token === null && !isLocal(config.uiHost)) {
    throw new ConfigError(
      `--ui-host ${config.uiHost} lets other machines in: set --token, or ONEPORT_TOKEN=none to go without`,
    )
  }
  return config.token === 'none' ? { ...config, token: null } : config
}

/** Whether only this machine can reach an address. */
export function isLocal(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

export function helpText(): string {
  const rows = Object.values<Option>(OPTIONS).map((option) => [
    `--${option.flag} ${option.value}${option.switch ? `, --no-${option.flag}` : ''}`,
    option.help + (option.default === '' ? '' : ` [${option.default}]`),
    variableOf(option.flag),
  ])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`)
  return `oneport: one TCP port, and every connection on it live in a browser\n\nUsage: npm start -- [option]...\n\n${lines.join('\n')}\n  --help${' '.repeat((widths[0] ?? 0) - 4)}show this list\n`
}

interface Given {
  /** The flag or variable it came from. */
  option: string
  value: string
}

function readFlags(argv: string[]): Map<string, string> {
  const options = Object.values<Option>(OPTIONS)
  const switches = options.filter((option) => option.switch)
  const args: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? ''
    const option = options.find(({ flag }) => arg === `--${flag}`)
    const off = switches.find(({ flag }) => arg === `--no-${flag}`)
    const next = argv[i + 1]
    if (off !== undefined) args.push(`--${off.flag}=off`)
    else if (option === undefined) args.push(arg)
    // A switch may stand alone; of the others the next word is the value, whatever it looks like (`--port -1`).
    else if (option.switch && (next === undefined || next.startsWith('--'))) args.push(`${arg}=on`)
    else if (next === undefined) throw new ConfigError(`${arg} needs a value: ${option.value}`)
    else args.push(`${arg}=${argv[++i]}`)
  }
  try {
    const spec = Object.fromEntries(
      options.map((o) => [o.flag, { type: 'string' as const, multiple: o.list === true }]),
    )
    const { values } = parseArgs({ args, options: spec, strict: true, allowPositionals: false })
    return new Map(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
    )
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${message.split(/\.\s/)[0]} (--help lists the options)`)
  }
}

function variableOf(flag: string): string {
  return `ONEPORT_${flag.toUpperCase().replaceAll('-', '_')}`
}

function integer({ option, value }: Given, min: number, max: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN
  if (number >= min && number <= max) return number
  throw new ConfigError(`${option}: ${JSON.stringify(value)} is not a whole number from ${min} to ${max}`)
}

function address({ option, value }: Given): string {
  if (value === 'localhost') return '127.0.0.1'
  if (isIP(value) !== 0) return value
  throw new ConfigError(`${option}: ${JSON.stringify(value)} is not an IP address`)
}

/** What a header carries as it is, and with it no browser's limit is reached. */
const TOKEN = /^(?! )[\x20-\x7e]{1,1024}(?<! )$/

/** `--token "$UNSET"` must not open what was to be locked, and one that cannot be sent lets nobody in. */
function token({ option, value }: Given, asFlag: boolean): string | null {
  if (value === '' && asFlag) throw new ConfigError(`${option}: the token is empty`)
  if (value !== '' && !TOKEN.test(value)) {
    throw new ConfigError(
      `${option}: a token is at most 1,024 letters, digits and signs of ASCII, with no space at its ends`,
    )
  }
  return value === '' ? null : value
}

function oneOf<T extends string>({ option, value }: Given, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value)
  if (word !== undefined) return word
  throw new ConfigError(`${option}: ${JSON.stringify(value)} is none of ${words.join(', ')}`)
}

const SWITCH_WORDS = new Map([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
])

function onOff({ option, value }: Given): boolean {
  const state = SWITCH_WORDS.get(value)
  if (state !== undefined) return state
  throw new ConfigError(`${option}: ${JSON.stringify(value)} is neither on nor off`)
}

function optional<T>(given: Given, read: (given: Given) => T): T | null {
  return given.value === '' ? null : read(given)
}
