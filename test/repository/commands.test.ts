import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { type Option, OPTIONS, variableOf } from '../../server/config/options.ts'
import { readCurl } from '../support/curl.ts'
import { PAGES, readPage, ROOT } from '../support/docs.ts'
import { inlineCode } from '../support/markdown.ts'
import { describedApi } from '../support/openapi.ts'
import { type Command, documentedCommands } from '../support/shell.ts'

const scripts = new Set(Object.keys(pkg.scripts))
const options = Object.values<Option>(OPTIONS)
const flags = new Set(options.map(({ flag }) => `--${flag}`))
const variables = new Set(options.map(variableOf))
const port = OPTIONS.port.default
const uiPort = OPTIONS.uiPort.default
const { endpoints } = await describedApi()

/** Describes what is wrong with a command's arguments; null if they are right. */
type Check = (args: string[]) => string | null

const exists = (path: string): string | null => (existsSync(join(ROOT, path)) ? null : `there is no ${path}`)

const CHECKS: Record<string, Check> = {
  npm(args) {
    const [verb = '', ...rest] = args
    if (verb === 'ci' || verb === 'cit') return rest.length === 0 ? null : `unexpected ${rest.join(' ')}`
    if (verb === 'i') return rest.join(' ') === `-g ${pkg.name}` ? null : `unexpected ${rest.join(' ')}`
    const script = verb === 'run' ? rest.shift() : verb
    if (script === undefined || !scripts.has(script)) return `package.json has no script ${script}`
    if (script === 'bench') return null
    return rest.length === 0 ? null : knownOptions(rest[0] === '--' ? rest.slice(1) : rest)
  },
  npx([program = '', ...args]) {
    if (program === pkg.name) return knownOptions(args)
    if (program === 'node') return exists(args[0] ?? '')
    if (program === 'vitest') return exists(args.at(-1) ?? '')
    return `npx ${program} is not known`
  },
  oneport: (args) => knownOptions(args),
  docker([verb, ...args]) {
    if (verb === 'build') return args.join(' ') === `-t ${pkg.name} .` ? exists('Dockerfile') : args.join(' ')
    if (verb === 'run') return dockerRun(args)
    const file = args[0] === '-f' ? args.splice(0, 2)[1] : 'docker-compose.yml'
    if (verb !== 'compose' || !['up', 'down'].includes(args.join(' '))) return `docker ${verb} ${args.join(' ')}`
    return exists(file ?? '')
  },
  curl(args) {
    const { method, url } = readCurl(args)
    if (url.host !== `localhost:${uiPort}`) return `${url.host} is not the dashboard's address`
    const known = endpoints.some((endpoint) => endpoint.method === method && matches(endpoint.path, url.pathname))
    // These two routes describe the API and are not part of the description.
    if (url.pathname === '/api/docs' || url.pathname === '/api/openapi.json') return null
    return known ? null : `the API has no ${method} ${url.pathname}`
  },
  nc: (args) => (args.at(-1) === port ? null : `the port is ${port}`),
  ss: (args) => (args.at(-1) === `:${port}` ? null : `the port is ${port}`),
  cp: ([from = '']) => exists(from),
}

/** Commands that are not checked, with the reason. */
const UNCHECKED: Record<string, string> = {
  echo: 'writes to the command that follows it',
  printf: 'writes to the command that follows it',
  'sudo ifconfig': 'changes the network of a Mac',
}

function knownOptions(args: string[]): string | null {
  const unknown = args.filter((arg) => arg.startsWith('--') && !flags.has(arg.replace(/^--no-/, '--')))
  return unknown.length === 0 ? null : `there is no option ${unknown.join(', ')}`
}

function dockerRun(args: string[]): string | null {
  const passed = args.filter((_, i) => args[i - 1] === '-e').map((word) => word.split('=')[0] ?? '')
  const unknown = passed.filter((name) => !variables.has(name))
  if (unknown.length > 0) return `there is no variable ${unknown.join(', ')}`
  return args.at(-1) === pkg.name ? null : `the image is called ${pkg.name}`
}

function matches(template: string, path: string): boolean {
  const [parts, given] = [template.split('/'), path.split('/')]
  return parts.length === given.length && parts.every((part, i) => part === given[i] || part.startsWith('{'))
}

function problem({ program, args, variables: set }: Command): string | null {
  const unknown = set.filter((name) => !variables.has(name))
  if (unknown.length > 0) return `there is no variable ${unknown.join(', ')}`
  if (program in UNCHECKED || `${program} ${args[0]}` in UNCHECKED) return null
  return CHECKS[program]?.(args) ?? (program in CHECKS ? null : `nothing is known of ${program}`)
}

const commands = documentedCommands()

describe('commands in the documentation', () => {
  test('there are some of each kind', () => {
    expect(commands.length).toBeGreaterThan(60)
    const programs = new Set(commands.map(({ program }) => program))
    for (const program of Object.keys(CHECKS)) expect(programs).toContain(program)
  })

  test.each(commands)('$page: $text', (command) => {
    expect(problem(command)).toBeNull()
  })
})

/** Options of other programs that are named in sentences. */
const FOREIGN = new Set([
  '--build', // docker compose up
  '--heap-growing-percent', // node
  '--heap-growing-percent=100', // node
  '--inspect', // node
  '--max-semi-space-size=4', // node
  '--semi-space-growth-factor=1', // node
  '--omit=optional', // npm ci
  '--profile', // docker compose, before its profiles were files
])

test('every flag and variable that a sentence names exists', () => {
  const codes = PAGES.flatMap((page) => inlineCode(readPage(page)))
  const named = codes.flatMap((code) => code.match(/(?<![\w-])--[a-z][\w=-]*|ONEPORT_[A-Z_]+/g) ?? [])
  expect(named.length).toBeGreaterThan(40)
  const known = new Set([...flags, ...variables, ...FOREIGN, '--help', '--no-'])
  expect(named.filter((name) => !known.has(name) && !known.has(name.replace(/^--no-/, '--')))).toEqual([])
})

describe('a wrong command is found', () => {
  test.each([
    ['npm', ['run', 'nothing']],
    ['npm', ['start', '--', '--no-such-option']],
    ['npx', ['oneport', '--colour']],
    ['npx', ['node', 'scripts/missing.ts']],
    ['docker', ['compose', '-f', 'compose.missing.yml', 'up']],
    ['docker', ['run', '-e', 'ONEPORT_NOTHING=1', 'oneport']],
    ['curl', ['localhost:3000/api/nothing']],
    ['curl', ['-X', 'POST', 'localhost:3000/api/connections']],
    ['nc', ['localhost', '8081']],
    ['wget', ['localhost']],
  ])('%s %j', (program, args) => {
    expect(problem({ page: '', text: '', variables: [], program, args })).not.toBeNull()
  })
})
