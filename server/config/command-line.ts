import { Command, CommanderError, Option as Flag } from 'commander'
import pkg from '../../package.json' with { type: 'json' }
import { defaultOf, type Option, OPTIONS, variableOf } from './options.ts'
import { ConfigError } from './values.ts'

/** The given flags: name and text. A switch without a value is `on` or `off`. */
export type Flags = ReadonlyMap<string, string>

/** The parsed command line: a command with its flags, or a text to print (`--help`, `--version`). */
export type CommandLine = { command: 'serve'; flags: Flags } | { command: 'print'; text: string }

const SEE_HELP = '(see oneport --help)'

/** @throws ConfigError */
export function parseCommandLine(argv: string[]): CommandLine {
  let text = ''
  let parsed: CommandLine = { command: 'print', text }
  const program = buildProgram((flags) => (parsed = { command: 'serve', flags }))
  const output = { writeOut: (part: string) => void (text += part), writeErr: () => {} }
  for (const command of [program, ...program.commands]) command.configureOutput(output).exitOverride()
  try {
    program.parse(argv, { from: 'user' })
    return parsed
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { command: 'print', text }
    throw complaint(error)
  }
}

function buildProgram(serve: (flags: Flags) => void): Command {
  const program = new Command('oneport')
    .description('Shows every TCP connection of one port, live in a browser.')
    .usage('[command] [options]')
    .version(pkg.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
  const command = program
    .command('serve', { isDefault: true })
    .summary('listen on a TCP port and show its connections (the default)')
    .description('Listens on a TCP port and shows its connections in a browser.')
    .helpOption('-h, --help', 'print this help')
    // Commander's own message counts the arguments instead of naming the unexpected one.
    .allowExcessArguments()
    .action((values: Record<string, string | boolean>, { args }: Command) => {
      if (args.length > 0) throw new ConfigError(`unexpected argument ${JSON.stringify(args[0])} ${SEE_HELP}`)
      serve(flagsFrom(values))
    })
  for (const option of Object.values<Option>(OPTIONS)) addOption(command, option)
  return program.addHelpText('after', () => `\n${optionsHelp(command)}`)
}

function addOption(command: Command, option: Option): void {
  const { flag, value, help, isSwitch, isList } = option
  const description = `${help} (default: ${defaultOf(option)}, ${variableOf(option)})`
  const positive = new Flag(`--${flag} ${isSwitch ? `[${value}]` : `<${value}>`}`, description)
  if (isList) positive.argParser((next: string, before?: string) => (before === undefined ? next : `${before},${next}`))
  command.addOption(positive)
  if (isSwitch) command.addOption(new Flag(`--no-${flag}`, `the same as --${flag} off`))
}

/** Commander uses camel case names, and sets a switch without a value to true or false. */
function flagsFrom(values: Record<string, string | boolean>): Flags {
  const given = Object.values<Option>(OPTIONS).flatMap(({ flag }): [string, string][] => {
    const value = values[flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())]
    if (value === undefined) return []
    return [[flag, typeof value === 'string' ? value : value ? 'on' : 'off']]
  })
  return new Map(given)
}

/** The default command's options, for the help of the program itself. */
function optionsHelp(command: Command): string {
  return command.helpInformation().replace(/^.*?Options:/s, `Options of ${command.name()}:`)
}

/** Turns Commander's error into one line that names the argument. */
function complaint({ code, message }: CommanderError): ConfigError {
  const [, quoted = ''] = /'(.*?)'/.exec(message) ?? []
  if (code === 'commander.optionMissingArgument') {
    const [flag = '', value = ''] = quoted.split(' ')
    return new ConfigError(`${flag} needs a value: ${value.replaceAll(/[<>]/g, '')}`)
  }
  const line = message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
  return new ConfigError(`${line} ${SEE_HELP}`)
}
