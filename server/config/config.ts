import { randomBytes } from 'node:crypto'
import type { Flags } from './command-line.ts'
import type { StartOption } from '../../shared/join.ts'
import { type Option, OPTIONS, variableOf } from './options.ts'
import { ConfigError, type Given } from './values.ts'

/** The values of all options, by their names in the option table. */
export type Config = { [Name in keyof typeof OPTIONS]: ReturnType<(typeof OPTIONS)[Name]['read']> } & {
  /** The token was made at this start (`--token auto`), so nobody knows it yet. */
  tokenIsMade: boolean
  /** What flags and variables set, except the token. */
  startedWith: StartOption[]
}

type Env = Record<string, string | undefined>

/**
 * Reads the options. Flags override environment variables, and these override defaults.
 * @throws ConfigError
 */
export function readConfig(flags: Flags, env: Env): Config {
  const values = Object.entries<Option>(OPTIONS).map(([name, option]) => [name, option.read(given(option, flags, env))])
  const config = Object.fromEntries(values) as Omit<Config, 'tokenIsMade' | 'startedWith'>
  if (config.port !== 0 && config.port === config.uiPort) {
    throw new ConfigError(`--port and --ui-port are both ${config.port}; choose another --ui-port`)
  }
  if (config.token === null && !isLocal(config.uiHost)) {
    throw new ConfigError(
      `other machines can reach --ui-host ${config.uiHost}: set --token (auto makes one), or ONEPORT_TOKEN=none to run without a token`,
    )
  }
  const startedWith = startOptions(flags, env)
  if (config.token === 'auto') return { ...config, token: newToken(), tokenIsMade: true, startedWith }
  return { ...config, token: config.token === 'none' ? null : config.token, tokenIsMade: false, startedWith }
}

function startOptions(flags: Flags, env: Env): StartOption[] {
  const options: Option[] = Object.values(OPTIONS).filter((option) => option !== OPTIONS.token)
  return options.flatMap((option) => {
    const { value, isDefault } = given(option, flags, env)
    return isDefault ? [] : [{ flag: option.flag, variable: variableOf(option), value }]
  })
}

/** 128 random bits. Hexadecimal digits need no quotes in any shell. */
function newToken(): string {
  return randomBytes(16).toString('hex')
}

function given(option: Option, flags: Flags, env: Env): Given {
  const fromFlag = flags.get(option.flag)
  if (fromFlag !== undefined) return { option: `--${option.flag}`, value: fromFlag, isDefault: false }
  const variable = variableOf(option)
  const fromEnv = env[variable]
  // Compose passes unset variables as empty strings.
  if (fromEnv) return { option: variable, value: fromEnv, isDefault: false }
  return { option: `--${option.flag}`, value: option.default, isDefault: true }
}

/** Whether an address is a loopback address, which other machines cannot reach. */
export function isLocal(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}
