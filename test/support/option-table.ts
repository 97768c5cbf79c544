import { helpText } from '../../server/config.ts'

export interface DocumentedOption {
  flag: string
  variable: string
}

/** Every option that --help lists. */
export const OPTION_TABLE: readonly DocumentedOption[] = helpText()
  .split('\n')
  .map((line) => /^ {2}(--[a-z-]+) .* (ONEPORT_[A-Z_]+) *$/.exec(line))
  .filter((match) => match !== null)
  .map(([, flag = '', variable = '']) => ({ flag, variable }))
