import { expect, test } from 'vitest'
import { endingsOf } from '../../../server/pcapng/endings.ts'
import type { Close } from '../../../shared/connection.ts'

const close = (by: Close['by'], how: Close['how'], reset: Close['reset'] = null): Close => {
  return { at: 9, by, how, reset, code: null, evidence: null }
}
const drawn = (halfClosedAt: number | null, finSentAt: number | null, ending: Close | null): string =>
  endingsOf({ halfClosedAt, finSentAt, close: ending })
    .map(({ at, kind, direction }) => `${direction} ${kind} ${at}`)
    .join(', ')

test.each<[string, number | null, number | null, Close | null, string]>([
  ['nothing while it is open', null, null, null, ''],
  ['the FIN of the client that is half-closed', 5, null, null, 'in fin 5'],
  ['the FIN of the server that is half-closed', null, 6, null, 'out fin 6'],
  ['both FINs, the client first', 5, 7, close('peer', 'fin'), 'in fin 5, out fin 7'],
  ['both FINs, the server first', 7, 5, close('server', 'fin'), 'out fin 5, in fin 7'],
  ['both FINs of one millisecond, the client first', 9, 9, close('peer', 'fin'), 'in fin 9, out fin 9'],
  ['both FINs of one millisecond, the server first', 9, 9, close('server', 'fin'), 'out fin 9, in fin 9'],
  ["the server's FIN that its close sent", 5, null, close('peer', 'fin'), 'in fin 5, out fin 9'],
  ["the server's FIN alone, if the client's came after its close", null, 8, close('server', 'fin'), 'out fin 8'],
  ["the client's FIN that only the kernel saw", null, null, close('peer', 'fin'), 'in fin 9, out fin 9'],
  ['the FIN of an idle timeout', null, null, close('server', 'timeout'), 'out fin 9'],
  ['RST instead of the FIN of an idle timeout', null, null, close('server', 'timeout', 'server'), 'out reset 9'],
  ["the client's RST alone", null, null, close('peer', 'reset', 'peer'), 'in reset 9'],
  ["the server's RST alone", null, null, close('server', 'reset', 'server'), 'out reset 9'],
  ["the client's RST after its FIN", 5, null, close('peer', 'fin', 'peer'), 'in fin 5, in reset 9'],
  ["the server's RST after the client's FIN", 5, null, close('peer', 'fin', 'server'), 'in fin 5, out reset 9'],
  ["the client's RST after the server's FIN", null, 6, close('server', 'fin', 'peer'), 'out fin 6, in reset 9'],
  ["the client's RST after the FIN of a close", null, null, close('server', 'fin', 'peer'), 'out fin 9, in reset 9'],
  ["the server's RST after its own FIN", null, 6, close('server', 'fin', 'server'), 'out fin 6, out reset 9'],
  ['RST after both FINs', 5, 6, close('peer', 'fin', 'peer'), 'in fin 5, out fin 6, in reset 9'],
  ['neither, if the client vanished', null, null, close('system', 'timeout'), ''],
  ['neither, if the listener process died', null, null, close('system', 'error'), ''],
  ["the client's FIN, if the listener process died later", 5, null, close('system', 'error'), 'in fin 5'],
])('%s', (_, halfClosedAt, finSentAt, ending, expected) => {
  expect(drawn(halfClosedAt, finSentAt, ending)).toBe(expected)
})
