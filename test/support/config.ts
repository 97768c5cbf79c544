import { parseCommandLine } from '../../server/config/command-line.ts'
import { type Config, readConfig } from '../../server/config/config.ts'
import { ConfigError } from '../../server/config/values.ts'

/**
 * The configuration that results from a command line and an environment.
 * @throws ConfigError
 */
export function configFrom(argv: string[], env: Record<string, string>): Config {
  const commandLine = parseCommandLine(argv)
  if (commandLine.command === 'print') throw new ConfigError('this command line only prints a text')
  return readConfig(commandLine.flags, env)
}
