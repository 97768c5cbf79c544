import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Ending } from '../../../server/listener/ending.ts'

function failed(code: string): unknown[] {
  const ending = new Ending(new Socket())
  ending.fail(code)
  return ending.fact(1).slice(2)
}

test('an error tells who sent RST: the client, or our own kernel, which was told to end the connection', () => {
  expect(failed('ECONNRESET')).toEqual(['peer', 'reset', 'peer', 'ECONNRESET'])
  expect(failed('EPIPE')).toEqual(['peer', 'fin', 'peer', 'EPIPE'])
  expect(failed('ECONNABORTED')).toEqual(['system', 'error', 'server', 'ECONNABORTED'])
  expect(failed('EHOSTUNREACH')).toEqual(['system', 'error', null, 'EHOSTUNREACH'])
})
