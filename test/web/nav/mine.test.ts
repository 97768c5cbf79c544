import { expect, test } from 'vitest'
import { readMine } from '../../../web/class/read-mine.ts'

test.for([
  ['192.168.0.100:50000', '192.168.0.100', 50_000],
  ['  192.168.0.100:50000. ', null, null],
  ['192.168.0.100 50000', '192.168.0.100', 50_000],
  ['192.168.0.100, 50000', '192.168.0.100', 50_000],
  ['[2001:DB8::7]:1', '2001:db8::7', 1],
  ['2001:db8::7 1', '2001:db8::7', 1],
  ['[::ffff:10.0.0.1]:9', '10.0.0.1', 9],
  ['::ffff:10.0.0.1 9', '10.0.0.1', 9],
  ['[::FFFF:10.0.0.1]:9', '10.0.0.1', 9],
  ['[0:0::1]:9', '::1', 9],
  ['[fe80::1%eth0]:9', 'fe80::1%eth0', 9],
  ['1.2.3.4.5:9', null, null],
  ['192.168.0.100:70000', null, null],
  ['192.168.0.100 70000', null, null],
  ['192.168.0.100', null, null],
  ['50000', null, null],
  ['50 50000', null, null],
  ['hello', null, null],
  ['', null, null],
] as const)('%j is read', ([text, address, port]) => {
  expect(readMine(text)).toEqual(address === null ? null : { address, port })
})
