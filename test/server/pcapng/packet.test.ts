import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACK, PSH, Sender, SEGMENT_BYTES, SYN } from '../../../server/pcapng/packet.ts'
import { readAddress } from '../../../shared/endpoint.ts'
import { readSegment } from '../../support/pcapng.ts'

const NOTHING = Buffer.alloc(0)

// The reader checks lengths and checksums.
test('a packet of either family carries its segment, with right lengths and checksums', () => {
  const addresses = fc.oneof(
    fc.tuple(fc.ipV4(), fc.ipV4()),
    fc.tuple(fc.ipV6(), fc.ipV6()).map(([a, b]) => [readAddress(a) ?? '', readAddress(b) ?? ''] as const),
  )
  const number = fc.nat(0xffff_ffff)
  fc.assert(
    fc.property(
      addresses.filter(([a, b]) => a.includes(':') === b.includes(':')),
      fc.tuple(fc.nat(65_535), fc.nat(65_535)),
      fc.tuple(number, number),
      fc.uint8Array({ maxLength: 100 }),
      ([from, to], [sourcePort, destinationPort], [sequence, acknowledged], bytes) => {
        const sender = new Sender({ address: from, port: sourcePort }, { address: to, port: destinationPort })
        const data = Buffer.from(bytes)
        const packet = sender.packet({ sequence, acknowledged, flags: PSH | ACK, data })
        expect(readSegment(packet)).toEqual({
          source: from,
          sourcePort,
          destination: to,
          destinationPort,
          sequence,
          acknowledged,
          flags: 'PSH ACK',
          data,
        })
      },
    ),
  )
})

test.each([
  ['127.0.0.1', 0xff],
  ['127.0.0.1', 0x00],
  ['fe80::1%eth0', 0xff],
])('the largest segment from %s, all of bytes %i, fits', (address, byte) => {
  const sender = new Sender({ address, port: 65_535 }, { address, port: 65_535 })
  const data = Buffer.alloc(SEGMENT_BYTES, byte)
  const packet = sender.packet({ sequence: 0xffff_ffff, acknowledged: 0xffff_ffff, flags: ACK, data })
  expect(packet.length).toBeLessThanOrEqual(40 + 65_535)
  expect(readSegment(packet)).toMatchObject({ source: address.replace('%eth0', ''), data })
})

test('the first segment acknowledges nothing and announces the largest segment', () => {
  const end = { address: '10.0.0.1', port: 1 }
  const packet = new Sender(end, end).packet({ sequence: 7, acknowledged: 9, flags: SYN, data: NOTHING })
  expect(readSegment(packet)).toMatchObject({ flags: 'SYN', sequence: 7, acknowledged: 0, data: NOTHING })
  expect(packet.subarray(40).toString('hex')).toBe(`0204${SEGMENT_BYTES.toString(16)}`)
})
