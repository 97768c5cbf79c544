import { expect, test } from 'vitest'
import { COOKIE, cookieOf, MESSAGE_SIZE, PACKED_SIZE } from '../../../server/kernel/inet-diag.ts'
import { eachPacked, PackedSockets } from '../../../server/kernel/packed.ts'

const COUNT = 20_000

function sample(packed: PackedSockets, count: number): Uint8Array<ArrayBuffer> {
  const message = Buffer.alloc(MESSAGE_SIZE)
  for (let cookie = 1; cookie <= count; cookie++) {
    message.writeUInt32LE(cookie, COOKIE)
    packed.write(message, 0, -1)
    packed.keep()
  }
  return packed.take()
}

test('a large sample has every socket in order, and so has the small one after it', () => {
  const packed = new PackedSockets()
  for (const count of [COUNT, 3, 0, COUNT]) {
    const cookies = [...eachPacked(sample(packed, count))].map(([buffer, at]) => cookieOf(buffer, at))
    expect(cookies).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  }
})

test('a large sample leaves nothing behind but itself, without waiting for a garbage collection', () => {
  const packed = new PackedSockets()
  sample(packed, 1)
  const before = process.memoryUsage().arrayBuffers
  const kept = sample(packed, COUNT)
  expect(kept.length).toBe(COUNT * PACKED_SIZE)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(kept.length * 1.2)
})
