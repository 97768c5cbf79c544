import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { helpText } from '../../server/config.ts'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

/** `--port ONEPORT_PORT`, one for each option that --help lists. */
const options = helpText()
  .split('\n')
  .map((line) => /^ {2}(--[a-z-]+) .* (ONEPORT_[A-Z_]+) *$/.exec(line))
  .filter((match) => match !== null)
  .map(([, flag, variable]) => `${flag} ${variable}`)

test.each(['README.md', 'README.ru.md'])('%s has each option with its variable, and no other', (file) => {
  const rows = read(file).matchAll(/^\| `(--[a-z-]+)`.*?\| `(ONEPORT_[A-Z_]+)`/gm)
  expect([...rows].map(([, flag, variable]) => `${flag} ${variable}`)).toEqual(options)
})
