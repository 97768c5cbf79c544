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
  expect(readMine(text, 8080)).toEqual(address === null ? null : { address, port })
})

const CLIENT = { address: '192.168.0.100', port: 50_000 }

test.for([
  ['lsof', 'nc 41 a 3u IPv4 0x1 0t0 TCP 192.168.0.100:50000->192.168.0.1:8080 (ESTABLISHED)', CLIENT],
  ['lsof', 'nc 41 a 3u IPv6 0x1 0t0 TCP [::1]:50000->[::1]:8080', { address: '::1', port: 50_000 }],
  ['lsof, its two ends alone', '192.168.0.100:50000->192.168.0.1:8080', CLIENT],
  ['lsof of the server', 'node 7 a 24u IPv4 1 0t0 TCP 192.168.0.1:8080->192.168.0.100:50000', CLIENT],
  ['netstat of macOS', 'tcp4  0  0  192.168.0.100.50000  192.168.0.1.8080  ESTABLISHED', CLIENT],
  ['netstat of macOS', 'tcp6  0  0  ::1.50000  ::1.8080  ESTABLISHED', { address: '::1', port: 50_000 }],
  ['netstat of macOS', 'tcp6 0 0 fe80::1%en0.50000 fe80::2%en0.8080', { address: 'fe80::1%en0', port: 50_000 }],
  ['netstat of Linux', 'tcp6  0  0 ::1:50000  ::1:8080  ESTABLISHED', { address: '::1', port: 50_000 }],
  ['ss', 'ESTAB 0 0 [::ffff:192.168.0.1]:8080 [::ffff:192.168.0.100]:50000', CLIENT],
  [
    'ss with other connections',
    'State Recv-Q Send-Q\nESTAB 0 0 192.168.0.100:40000 1.1.1.1:443\nESTAB 0 0 192.168.0.100:50000 192.168.0.1:8080\n',
    CLIENT,
  ],
  ['ss, joined by the browser', 'ESTAB 0 0 [::1]:1 [::1]:2 ESTAB 0 0 192.168.0.1:8080 192.168.0.100:50000', CLIENT],
] as const)('a line of %s: %s', ([, text, endpoint]) => {
  expect(readMine(text, 8080)).toEqual(endpoint)
})

test('a client on the server’s own port number is the end that the tool prints first', () => {
  expect(readMine('192.168.0.100:8080->192.168.0.1:8080', 8080)).toEqual({ ...CLIENT, port: 8080 })
})
