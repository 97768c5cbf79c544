import { describe, expect, test } from 'vitest'
import {
  familyOf,
  formatEndpoint,
  isUnknownEndpoint,
  parseEndpoint,
  plainAddress,
  readAddress,
  sameAddress,
} from '../../shared/endpoint.ts'

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

describe('readAddress', () => {
  test.for([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['[0:0:0:0:0:ffff:192.168.0.1]', '192.168.0.1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['[2001:DB8:0::7]', '2001:db8::7'],
    ['FE80::1%enP1', 'fe80::1%enP1'],
    ['::ffff:0:1', '0.0.0.1'],
    ['::1%lo', null],
    ['127.0.0.1%lo', null],
    ['fe80::1%', null],
    ['1.2.3.04', null],
    ['127.1', null],
    ['::1/64', null],
    [':::1', null],
    ['localhost', null],
    ['', null],
  ] as const)('reads %j as %j', ([text, address]) => {
    expect(readAddress(text)).toBe(address)
  })
})

describe('parseEndpoint', () => {
  test.for([
    ['127.0.0.1:50000', '127.0.0.1', 50_000],
    ['[::1]:8080', '::1', 8080],
    ['[::ffff:127.0.0.1]:50000', '127.0.0.1', 50_000],
    ['[fe80::1%eth0]:8080', 'fe80::1%eth0', 8080],
    // As ss(8) writes it.
    ['[fe80::1]%eth0:8080', 'fe80::1%eth0', 8080],
  ] as const)('reads %s', ([text, address, port]) => {
    expect(parseEndpoint(text)).toEqual({ address, port })
  })

  test.for(['127.0.0.1', '::1:8080', '127.0.0.1:70000', '999.0.0.1:1', '[::g]:1', '[::1]%lo:1', 'a b:1', ''])(
    'does not read %j',
    (text) => {
      expect(parseEndpoint(text)).toBeNull()
    },
  )
})

test.for([
  ['fe80::1%eth0', 'fe80::1%eth0', true],
  ['fe80::1%eth0', 'fe80::1', true],
  ['fe80::1', 'fe80::1%eth0', true],
  ['fe80::1%eth0', 'fe80::1%eth1', false],
  ['fe80::1%eth0', 'fe80::2', false],
  ['::1', '::2', false],
] as const)('%s and %s may be the same address: %s', ([a, b, same]) => {
  expect(sameAddress(a, b)).toBe(same)
})
