import { expect, test } from 'vitest'
import type { StreamEvent } from '../../../web/stream/events.ts'
import { wordsOf } from '../../../web/stream/event-words.ts'
import { transcript } from '../../../web/stream/transcript.ts'
import { NOW } from '../live/rows.ts'
import { followed, Sender } from './frames.ts'

test('a transcript has bytes and events in order of time, and says what is missing', () => {
  const sender = new Sender()
  const held = followed()
  held.apply(sender.frame(sender.chunk('in', 'gone', NOW), sender.chunk('in', 'a\r\nb\x1b\n', NOW + 5)))
  sender.drop({ in: 4 })
  held.apply(sender.frame(sender.chunk('out', 'c', NOW + 6)))
  const events: StreamEvent[] = [
    { kind: 'accept', at: NOW },
    { kind: 'half-close', at: NOW + 6, by: 'peer' },
  ]
  const time = (ms: number) => new Date(NOW + ms).toISOString()
  expect(transcript(held, events, (event) => wordsOf(event, 87)).replaceAll('\u00a0', ' ')).toBe(
    [
      `${time(0)} · Accepted · fd 87`,
      '4 B from the client before this: no longer kept',
      `${time(5)} → 6 B`,
      '    a',
      '    b␛',
      `${time(6)} ← 1 B`,
      '    c',
      `${time(6)} · FIN from client · the client can’t send any more data`,
      '',
    ].join('\n'),
  )
})
