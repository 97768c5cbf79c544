import { expect, test } from 'vitest'
import { Followed } from '../../../web/stream/followed.ts'
import { Sender } from './frames.ts'

function textOf(held: Followed): string[] {
  return Array.from(held.after(0), (chunk) => `${chunk.direction} ${new TextDecoder().decode(held.bytesOf(chunk))}`)
}

test('keeps chunks as they came, in their order and with their direction', () => {
  const sender = new Sender()
  const held = new Followed(1)
  held.apply(sender.frame(sender.chunk('out', 'hello'), sender.chunk('in', 'ab')))
  held.apply(sender.frame(sender.chunk('in', 'c'), sender.chunk('out', 'abc')))
  expect(textOf(held)).toEqual(['out hello', 'in ab', 'in c', 'out abc'])
  expect(new TextDecoder().decode(held.inOrder())).toBe('helloabcabc')
})

test('drops what the server no longer keeps: whole chunks, and the beginning of the oldest', () => {
  const sender = new Sender()
  const held = new Followed(1)
  held.apply(sender.frame(sender.chunk('out', 'hello'), sender.chunk('in', 'ab'), sender.chunk('in', 'cdef')))
  sender.drop({ in: 3 })
  held.apply(sender.frame(sender.chunk('in', 'g')))
  expect(textOf(held)).toEqual(['out hello', 'in def', 'in g'])
  expect(held.chunkAt('in', 2)).toBeUndefined()
  expect(held.chunkAt('in', 3)?.n).toBe(3)
  sender.drop({ out: 5 })
  held.apply(sender.frame())
  expect(textOf(held)).toEqual(['in def', 'in g'])
})

test('skips chunks that the server dropped before sending them', () => {
  const sender = new Sender()
  const held = new Followed(1)
  held.apply(sender.frame(sender.chunk('in', 'old'), sender.chunk('out', 'kept')))
  sender.chunk('in', 'never sent')
  sender.drop({ in: 13 })
  held.apply(sender.frame(sender.chunk('in', 'new')))
  expect(textOf(held)).toEqual(['out kept', 'in new'])
  expect(held.streams.in.from).toBe(13)
})

test('begins again when the server does, and takes nothing of another connection', () => {
  const sender = new Sender()
  const held = new Followed(1)
  const first = sender.frame(sender.chunk('in', 'one'), sender.chunk('out', 'two'))
  held.apply(first)
  held.apply(first)
  expect(textOf(held)).toEqual(['in one', 'out two'])
  held.apply({ ...sender.frame(sender.chunk('in', 'else')), id: 2 })
  expect(textOf(held)).toEqual(['in one', 'out two'])
})

test('after a reconnect, what was dropped meanwhile is gone here too', () => {
  const sender = new Sender()
  const held = new Followed(1)
  held.apply(sender.frame(sender.chunk('in', 'old'), sender.chunk('in', 'older')))
  const again = sender.chunk('in', 'x')
  sender.drop({ in: 8 })
  held.apply(sender.frame({ ...again, n: 2 }))
  expect(textOf(held)).toEqual(['in x'])
})

test('holds the newest 64 KiB of a long stream, regardless of chunk sizes', () => {
  const sender = new Sender()
  const held = new Followed(1)
  const kept = 65_536
  let sent = ''
  for (let index = 0; index < 3000; index++) {
    const text = `${index} `.repeat((index % 37) + 1)
    sent += text
    const chunk = sender.chunk('in', text)
    sender.drop({ in: Math.max(0, sent.length - kept) })
    held.apply(sender.frame(chunk))
  }
  expect(sent.length).toBeGreaterThan(3 * kept)
  expect(new TextDecoder().decode(held.inOrder())).toBe(sent.slice(-kept))
  expect(held.streams.in.length).toBe(kept)
})

test('knows whether the server has answered, and whether it knows the connection', () => {
  const sender = new Sender()
  const held = new Followed(1)
  expect(held.state).toBe('waiting')
  held.refuse()
  expect(held.state).toBe('unknown')
  held.apply(sender.frame())
  expect(held.state).toBe('known')
  // The answer to an earlier request.
  held.refuse()
  expect(held.state).toBe('known')
})
