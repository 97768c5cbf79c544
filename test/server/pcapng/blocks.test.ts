import fc from 'fast-check'
import { expect, test } from 'vitest'
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../server/pcapng/blocks.ts'
import { readBlocks, readOptions } from '../../support/pcapng.ts'

test('a section header has its magic, version 1.0, an unknown length, the comment and the program', () => {
  const [block] = readBlocks(sectionHeader('oneport 1', 'two\nlines'))
  expect(block?.type).toBe(0x0a0d0d0a)
  expect(block?.body.subarray(0, 16).toString('hex')).toBe('4d3c2b1a' + '01000000' + 'ffffffffffffffff')
  const options = readOptions(block?.body.subarray(16) ?? Buffer.alloc(0))
  expect(Object.entries(options).map(([code, value]) => [code, String(value)])).toEqual([
    ['1', 'two\nlines'],
    ['4', 'oneport 1'],
  ])
})

test('the interface is of raw IP packets, without a limit, in microseconds', () => {
  const file = interfaceDescription('oneport')
  expect(file.toString('hex')).toBe(
    '01000000' +
      '2c000000' +
      '6500' +
      '0000' +
      '00000000' +
      '02000700' +
      Buffer.from('oneport\0').toString('hex') +
      '09000100' +
      '06000000' +
      '00000000' +
      '2c000000',
  )
})

test('a packet block has the time in two halves, both lengths, the padded packet and its comment', () => {
  const at = Date.UTC(2026, 10, 30, 0, 0, 0, 123)
  const [block] = readBlocks(enhancedPacket(at, Buffer.from('abcde'), 'why'))
  const body = block?.body ?? Buffer.alloc(0)
  expect(body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8)).toBe(at * 1000)
  expect([body.readUInt32LE(0), body.readUInt32LE(12), body.readUInt32LE(16)]).toEqual([0, 5, 5])
  expect(body.subarray(20, 28).toString()).toBe('abcde\0\0\0')
  expect(String(readOptions(body.subarray(28))[1])).toBe('why')
})

test('blocks of any content follow each other without a gap, and give it back', () => {
  const packet = fc.tuple(fc.uint8Array({ maxLength: 70 }), fc.option(fc.string({ unit: 'grapheme' })))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(packet), (comment, packets) => {
      const blocks = packets.map(([bytes, comment]) => enhancedPacket(1, Buffer.from(bytes), comment))
      const [header, ...rest] = readBlocks(Buffer.concat([sectionHeader('x', comment), ...blocks]))
      expect(String(readOptions(header?.body.subarray(16) ?? Buffer.alloc(0))[1])).toBe(comment)
      const read = rest.map(({ body }) => {
        const length = body.readUInt32LE(12)
        const comment = readOptions(body.subarray(20 + Math.ceil(length / 4) * 4))[1]
        return [new Uint8Array(body.subarray(20, 20 + length)), comment === undefined ? null : String(comment)]
      })
      expect(read).toEqual(packets.map(([bytes, comment]) => [bytes, comment]))
    }),
  )
})

test('a comment that is too long for an option is cut', () => {
  const [block] = readBlocks(sectionHeader('x', 'y'.repeat(70_000)))
  expect(readOptions(block?.body.subarray(16) ?? Buffer.alloc(0))[1]).toHaveLength(65_535)
})
