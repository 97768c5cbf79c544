import { expect, test } from 'vitest'
import { type Command, find } from '../../../web/palette/commands.ts'

const command = (label: string, also = ''): Command => ({ id: label, group: 'action', label, also, run: () => {} })
const COMMANDS = [command('Connect a client'), command('Close the panel'), command('Picture', 'drawing sockets')]
const labels = (text: string) => find(COMMANDS, text).map(({ label }) => label)

test('a command is found by the beginning of any of its words, in any order and case', () => {
  expect(labels('CLI con')).toEqual(['Connect a client'])
  expect(labels('draw')).toEqual(['Picture'])
  expect(labels('ient')).toEqual([])
})

test('commands whose name begins like the text come first', () => {
  expect(labels('cl')).toEqual(['Close the panel', 'Connect a client'])
})

test('without a text, every command is listed', () => {
  expect(labels('  ')).toHaveLength(COMMANDS.length)
})

test.for(['(', '*', '\\', '[a', '🙂', 'a'.repeat(10_000)])('nothing that can be typed is an error: %s', (text) => {
  expect(() => labels(text)).not.toThrow()
})
