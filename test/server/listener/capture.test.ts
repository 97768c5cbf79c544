import { describe, expect, test } from 'vitest'
import { startListener } from '../../support/listener.ts'

function bytes(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => (i * 7) % 256))
}

describe('every byte is kept, in the chunk it came in', () => {
  test.for([1, 15, 16, 17, 33, 4_095, 4_096, 4_097])('%d bytes of an echo, both directions', async (count) => {
    const listener = await startListener()
    const { client, id } = await listener.client()
    client.socket.write(bytes(count))
    await client.bytes(count)
    const captured = await listener.captured(id)
    expect(captured.bytes('in')).toEqual(bytes(count))
    expect(captured.bytes('out')).toEqual(bytes(count))
    expect(captured.from).toEqual({ in: 0, out: 0 })
    expect(captured.numbers).toEqual([1, 2])
  })
})
