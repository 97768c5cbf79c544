import { describe, expect, test } from 'vitest'
import { familyOf, formatEndpoint, isUnknownEndpoint, plainAddress } from '../../shared/endpoint.ts'

describe('plainAddress', () => {
  test.for([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::ffff:192.168.0.100', '192.168.0.100'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '::'],
    ['::ffff:0:1', '::ffff:0:1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['', ''],
  ] as const)('shows %s as %s', ([address, plain]) => {
    expect(plainAddress(address)).toBe(plain)
  })
})

describe('formatEndpoint', () => {
  test.for([
    ['127.0.0.1', 50_000, '127.0.0.1:50000'],
    ['::1', 50_000, '[::1]:50000'],
    ['fe80::1%eth0', 8080, '[fe80::1%eth0]:8080'],
    ['0.0.0.0', 0, '0.0.0.0:0'],
  ] as const)('writes %s and %i as %s', ([address, port, text]) => {
    expect(formatEndpoint({ address, port })).toBe(text)
  })
})

test('familyOf tells IPv4 from IPv6', () => {
  expect(familyOf('127.0.0.1')).toBe(4)
  expect(familyOf('::1')).toBe(6)
})

describe('isUnknownEndpoint', () => {
  test.for([
    ['0.0.0.0', 0, true],
    ['::', 0, true],
    ['0.0.0.0', 8080, false],
    ['127.0.0.1', 0, false],
  ] as const)('of %s and port %i is %s', ([address, port, unknown]) => {
    expect(isUnknownEndpoint({ address, port })).toBe(unknown)
  })
})
