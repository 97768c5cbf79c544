import { describe, expect, test } from 'vitest'
import pkg from '../../../package.json' with { type: 'json' }
import { parseCommandLine } from '../../../server/config/command-line.ts'
import type { Config } from '../../../server/config/config.ts'
import { defaultOf, type Option, OPTIONS as TABLE, variableOf } from '../../../server/config/options.ts'
import { ConfigError } from '../../../server/config/values.ts'
import { configFrom } from '../../support/config.ts'

const DEFAULTS: Config = {
  port: 8080,
  host: null,
  backlog: 511,
  behavior: 'echo',
  greeting: true,
  greetingLanguage: 'en',
  maxConnections: null,
  idleTimeoutMs: 0,
  keepaliveMs: 60_000,
  uiPort: 3000,
  uiHost: '127.0.0.1',
  allowHosts: [],
  token: null,
  tokenIsMade: false,
  startedWith: [],
  readOnly: false,
  maxReaders: 64,
  captureBytes: 65_536,
  closedKept: 10_000,
  logLevel: 'info',
}

/** Each option: its flag, a value other than the default, and the resulting configuration. */
const OPTIONS: [flag: string, value: string, effect: Partial<Config>][] = [
  ['port', '9000', { port: 9000 }],
  ['host', '127.0.0.5', { host: '127.0.0.5' }],
  ['backlog', '5', { backlog: 5 }],
  ['behavior', 'chargen', { behavior: 'chargen' }],
  ['greeting', 'off', { greeting: false }],
  ['greeting-language', 'ru', { greetingLanguage: 'ru' }],
  ['max-connections', '7', { maxConnections: 7 }],
  ['idle-timeout', '30', { idleTimeoutMs: 30_000 }],
  ['keepalive', '0', { keepaliveMs: 0 }],
  ['ui-port', '9001', { uiPort: 9001 }],
  ['ui-host', '::1', { uiHost: '::1' }],
  ['allow-host', 'a.example,b.example', { allowHosts: ['a.example', 'b.example'] }],
  ['token', 'sixteen-letters!', { token: 'sixteen-letters!' }],
  ['read-only', 'on', { readOnly: true }],
  ['max-readers', '100', { maxReaders: 100 }],
  ['capture-bytes', '0', { captureBytes: 0 }],
  ['closed-kept', '0', { closedKept: 0 }],
  ['log-level', 'debug', { logLevel: 'debug' }],
]

const OPTION_TABLE = Object.values<Option>(TABLE)

const variable = (flag: string): string => `ONEPORT_${flag.toUpperCase().replaceAll('-', '_')}`

function complaint(argv: string[], env: Record<string, string> = {}): string {
  try {
    configFrom(argv, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'none'
}

test('without options the defaults hold', () => {
  expect(configFrom([], {})).toEqual(DEFAULTS)
})

test('every part of the configuration has an option', () => {
  const { tokenIsMade: _, startedWith: __, ...options } = DEFAULTS
  expect(OPTIONS.flatMap(([, , effect]) => Object.keys(effect)).toSorted()).toEqual(Object.keys(options).toSorted())
  for (const [flag] of OPTIONS) expect(OPTION_TABLE.map(variableOf)).toContain(variable(flag))
})

describe('the command line', () => {
  const printed = (...argv: string[]): string => {
    const commandLine = parseCommandLine(argv)
    return commandLine.command === 'print' ? commandLine.text : expect.unreachable('it starts a server')
  }

  test.for([[['--help']], [['serve', '--help']], [['--port', '1', '--help']]] as const)(
    '%j lists each option with its variable and its default',
    ([argv]) => {
      const help = printed(...argv).replaceAll(/\s+/g, ' ')
      for (const option of OPTION_TABLE) {
        expect(help).toContain(`--${option.flag} `)
        expect(help).toContain(`${option.help} (default: ${defaultOf(option)}, ${variableOf(option)})`)
      }
    },
  )

  test('--help lists the commands, --version prints the version alone', () => {
    expect(printed('--help')).toContain('serve')
    expect(printed('--version')).toBe(`${pkg.version}\n`)
  })

  test('serve is the default command', () => {
    expect(parseCommandLine(['serve', '--port=1'])).toEqual(parseCommandLine(['--port=1']))
    expect(configFrom(['serve', '--port', '1'], {}).port).toBe(1)
  })

  test('a misspelt option is answered with the one that is meant', () => {
    expect(complaint(['--prot', '80'])).toContain('--port')
  })
})

test.for([
  [['--port', '-1'], '--port: "-1" is not a whole number'],
  [['--idle-timeout', '-2'], '--idle-timeout: "-2" is not a whole number'],
  [['--keepalive', '32768'], '--keepalive: "32768" is not a whole number from 0 to 32767; 0 means never'],
  [['--greeting', 'maybe'], '--greeting: "maybe" is neither on nor off'],
  [['--greeting-language', 'de'], '--greeting-language: "de" is not one of en, ru'],
  [['--port'], '--port needs a value'],
  [['--token', ''], '--token: the token is empty'],
  [['--token', ' '], '--token: a token has 16 to 1,024'],
  [['--token', 'fifteen-letters'], '--token: a token has 16 to 1,024'],
  [['--token', 'AUTO'], '"auto" makes one'],
  [['--token', 'open sesame, please '], '--token: a token has 16 to 1,024'],
  [['--token', 'жетон'.repeat(4)], '--token: a token has 16 to 1,024'],
  [['--token', 'x'.repeat(1_025)], '--token: a token has 16 to 1,024'],
] as const)('%j is told with the option that it belongs to', ([argv, message]) => {
  expect(() => configFrom([...argv], {})).toThrow(message)
})

describe.for(OPTIONS)('--%s %s', ([flag, value, effect]) => {
  // The token is a secret.
  const startedWith = flag === 'token' ? [] : [{ flag, variable: variable(flag), value }]
  const expected = { ...DEFAULTS, ...effect, startedWith }

  test('as a flag, with a space or =', () => {
    expect(configFrom([`--${flag}`, value], {})).toEqual(expected)
    expect(configFrom([`--${flag}=${value}`], {})).toEqual(expected)
  })

  test('as a variable', () => {
    expect(configFrom([], { [variable(flag)]: value })).toEqual(expected)
  })

  test('an empty variable is as none', () => {
    expect(configFrom([], { [variable(flag)]: '' })).toEqual(DEFAULTS)
  })

  test('the flag wins over the variable', () => {
    expect(configFrom([`--${flag}`, value], { [variable(flag)]: 'nonsense' })).toEqual(expected)
  })
})

describe('a switch', () => {
  test.for([
    [['--greeting'], true],
    [['--no-greeting'], false],
    [['--greeting', 'on'], true],
    [['--greeting', 'off'], false],
    [['--greeting=true'], true],
    [['--greeting=false'], false],
    [['--greeting=1'], true],
    [['--greeting', '0'], false],
    [['--no-greeting', '--read-only'], false],
    [['--no-greeting', '--greeting'], true],
    [['--greeting', '--port', '1'], true],
  ] as const)('%j', ([argv, greeting]) => {
    expect(configFrom([...argv], {}).greeting).toBe(greeting)
  })

  test('takes the same words from its variable', () => {
    for (const [word, readOnly] of [
      ['on', true],
      ['true', true],
      ['1', true],
      ['off', false],
      ['false', false],
      ['0', false],
    ] as const) {
      expect(configFrom([], { ONEPORT_READ_ONLY: word }).readOnly, word).toBe(readOnly)
    }
  })

  test('in its negative form overrides the variable', () => {
    expect(configFrom(['--no-read-only'], { ONEPORT_READ_ONLY: 'on' }).readOnly).toBe(false)
  })

  test.for(['yes', 'ON', '2', 'constructor', 'toString', '__proto__'])('takes no other word: %s', (word) => {
    expect(complaint([`--greeting=${word}`])).toContain('--greeting')
    expect(complaint(['--greeting', word])).not.toBe('none')
    expect(complaint([], { ONEPORT_GREETING: word })).toContain('ONEPORT_GREETING')
  })
})

describe('a bad value is one line that names the option', () => {
  test.for([
    ['port', '65536'],
    ['port', '-1'],
    ['port', '1.5'],
    ['port', 'http'],
    ['port', ' 80'],
    ['port', '0x50'],
    ['port', '1e3'],
    ['host', 'example.com'],
    ['host', '127.0.0.256'],
    ['host', 'fe80::1'],
    ['backlog', '0'],
    ['behavior', 'loud'],
    ['behavior', 'constructor'],
    ['greeting', 'maybe'],
    ['greeting-language', 'de'],
    ['greeting-language', 'EN'],
    ['max-connections', '0'],
    ['max-connections', 'many'],
    ['idle-timeout', '-5'],
    ['idle-timeout', '99999999999'],
    ['ui-port', '99999'],
    ['ui-host', 'nowhere'],
    ['allow-host', 'https://dash.example.com'],
    ['allow-host', 'dash.example.com/'],
    ['allow-host', '*.example.com'],
    ['allow-host', '.example.com'],
    ['allow-host', 'user@dash.example.com'],
    ['allow-host', 'dash.example.com:99999'],
    ['allow-host', 'dash example com'],
    ['allow-host', '*'],
    ['allow-host', '10.0.0.256'],
    ['capture-bytes', 'all'],
    ['closed-kept', '1000001'],
    ['log-level', 'loud'],
  ] as const)('--%s %s', ([flag, value]) => {
    for (const [message, name] of [
      [complaint([`--${flag}=${value}`]), `--${flag}`],
      [complaint([], { [variable(flag)]: value }), variable(flag)],
    ] as const) {
      expect(message).toContain(name)
      expect(message).toContain(value)
      expect(message).not.toContain('\n')
    }
  })

  test.for([
    [['--prot', '80']],
    [['-p', '80']],
    [['8080']],
    [['serve', '8080']],
    [['watch']],
    [['--port']],
    [['--port', '--greeting']],
  ] as const)('an argument that is no option: %j', ([argv]) => {
    const message = complaint([...argv])
    expect(message).not.toBe('none')
    expect(message).not.toContain('\n')
  })
})

test.for([
  'dash',
  'DASH.example.com.',
  'dash.example.com:8443',
  'my_host',
  '10.0.0.1',
  '[::1]',
  '2001:db8::7',
  'пример.рф',
])('a Host may be %s', (host) => {
  expect(configFrom(['--allow-host', host], {}).allowHosts).toEqual([host])
})

test('one wrong Host in a list is named', () => {
  expect(complaint(['--allow-host', 'a.example,http://b.example'])).toBe(
    '--allow-host: "http://b.example" is not a host name; write it as dash.example.com',
  )
})

test.for([
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['[::1]', '::1'],
] as const)('an address may have any spelling: %s is %s', ([spelling, address]) => {
  expect(configFrom(['--host', spelling, '--ui-host', spelling], {})).toMatchObject({ host: address, uiHost: address })
})

test('a Host may be allowed by several flags', () => {
  expect(configFrom(['--allow-host', 'a', '--allow-host=b,c'], {}).allowHosts).toEqual(['a', 'b', 'c'])
})

test('the port and the dashboard cannot share a number, but each can ask for any free one', () => {
  expect(complaint(['--port', '3000'])).toContain('--ui-port')
  expect(configFrom(['--port=0', '--ui-port=0'], {})).toMatchObject({ port: 0, uiPort: 0 })
})

describe('a dashboard that other machines can reach', () => {
  test.for(['0.0.0.0', '::', '192.168.0.1'])('does not start on %s without a token', (host) => {
    const message = complaint(['--ui-host', host])
    expect(message).toContain('--ui-host')
    expect(message).toContain('--token')
    expect(message).toContain('ONEPORT_TOKEN=none')
  })

  test('starts with a token, or with the word that it needs none', () => {
    expect(configFrom(['--ui-host', '0.0.0.0'], { ONEPORT_TOKEN: 'sixteen-letters!' }).token).toBe('sixteen-letters!')
    expect(configFrom(['--ui-host', '0.0.0.0'], { ONEPORT_TOKEN: 'none' }).token).toBeNull()
  })

  test('starts with a token that it makes itself: 128 random bits, other ones each time', () => {
    const tokens = [1, 2].map(() => configFrom(['--ui-host', '0.0.0.0', '--token', 'auto'], {}))
    for (const config of tokens) {
      expect(config).toMatchObject({ token: expect.stringMatching(/^[0-9a-f]{32}$/) as string, tokenIsMade: true })
    }
    expect(tokens[0]?.token).not.toBe(tokens[1]?.token)
  })

  test.for(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('is not one on %s', (host) => {
    expect(complaint(['--ui-host', host])).toBe('none')
  })
})
