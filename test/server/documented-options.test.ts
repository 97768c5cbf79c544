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

test('docker-compose.yml passes on each variable but the addresses, which belong to the container', () => {
  const lines = read('docker-compose.yml').matchAll(/^ {2}(?: {4})?(ONEPORT_[A-Z_]+):/gm)
  const variables = options.map((option) => option.split(' ')[1]).filter((name) => name !== 'ONEPORT_HOST')
  expect(new Set([...lines].map(([, name]) => name))).toEqual(new Set(variables))
})
