import { describe, expect, test } from 'vitest'
import { lookup } from '../../../shared/demux.ts'
import type { KernelState } from '../../../shared/stream.ts'
import { formOf, parsePacket, socketsOf, type PacketForm } from '../../../web/lookup/lookup-form.ts'
import { facts, unmatched, NOW, row, sample } from '../live/rows.ts'

const FORM: PacketForm = {
  remoteAddress: '192.168.0.100',
  remotePort: '50000',
  localAddress: '192.168.0.1',
  localPort: '8080',
  syn: true,
}
const parse = (fields: Partial<PacketForm>) => parsePacket({ ...FORM, ...fields })

test('four good fields are a packet', () => {
  expect(parse({}).packet).toEqual({
    remote: { address: '192.168.0.100', port: 50_000 },
    local: { address: '192.168.0.1', port: 8080 },
    syn: true,
  })
})

test('an IPv6 address in any spelling is written as the kernel’s are here, a mapped one as IPv4', () => {
  const both = (text: string) => parse({ remoteAddress: text, localAddress: '::1' }).packet?.remote.address
  expect(both('[0:0:0:0:0:0:0:1]')).toBe('::1')
  expect(both('FE80::00A1')).toBe('fe80::a1')
  expect(both('fe80::1%enP1')).toBe('fe80::1%enP1')
  expect(parse({ remoteAddress: '::ffff:192.168.0.100' }).packet?.remote.address).toBe('192.168.0.100')
})

describe('each fault is reported at its field', () => {
  test.each([
    ['', 'empty'],
    ['localhost', 'name'],
    ['192.168.0.0/24', 'range'],
    ['192.168.0.1-5', 'range'],
    ['192.168.0', 'address'],
    ['192.168.0.256', 'address'],
    ['127.1', 'address'],
    ['1.2.3.04', 'address'],
    [':::1', 'address'],
    ['::1%lo', 'address'],
    ['fe80::1%', 'address'],
    ['"><script>', 'name'],
    ['::1', 'family'],
  ])('address %j: %s', (remoteAddress, fault) => {
    expect(parse({ remoteAddress }).faults).toEqual({ remoteAddress: fault })
  })

  test.each([
    ['', 'empty'],
    ['0', 'port'],
    ['65536', 'port'],
    ['-1', 'port'],
    ['80.5', 'port'],
    ['1e3', 'port'],
    ['http', 'port'],
    ['50000-50010', 'port'],
  ])('port %j: %s', (remotePort, fault) => {
    expect(parse({ remotePort }).faults).toEqual({ remotePort: fault })
  })

  test('each fault at its own field', () => {
    expect(parse({ remoteAddress: 'a.example', localPort: '' }).faults).toEqual({
      remoteAddress: 'name',
      localPort: 'empty',
    })
  })
})

test('a packet of a row’s client reaches its connection, of a closed one TIME_WAIT, of one that waits no row', () => {
  const live = row(1, { kernel: facts() })
  const fresh = row(2)
  const ended = row(3)
  ended.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(ended, facts({ tcpState: 'TIME_WAIT', inode: 0 }), NOW + 10)
  const forgotten = row(4)
  forgotten.end({ at: NOW + 9, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  const waiting = unmatched(40_000)
  const socket = unmatched(0)
  const kernel = {
    unmatched: [waiting, unmatched(50_003, { remote: ended.remote, connectionId: 3, tcpState: 'TIME_WAIT' })],
    listeners: [
      {
        ...socket,
        local: { address: '::', port: 8080 },
        tcpState: 'LISTEN',
        inode: 7,
        dualStack: true,
      },
    ],
  } satisfies Pick<KernelState, 'unmatched' | 'listeners'>
  const rows = [ended, forgotten, live, fresh]
  const find = (of: Parameters<typeof formOf>[0], syn = false) => {
    const { packet } = parsePacket(formOf(of, syn))
    if (!packet) throw new Error('no packet')
    const { verdict, socket } = lookup(packet, socketsOf(rows, kernel))
    return [verdict, socket?.connectionId ?? null]
  }
  expect(find(live)).toEqual(['connected', 1])
  expect(find(fresh)).toEqual(['connected', 2])
  expect(find(ended)).toEqual(['time-wait', 3])
  expect(find(waiting)).toEqual(['connected', null])
  expect(find(forgotten)).toEqual(['reset', null])
  expect(find(forgotten, true)).toEqual(['listening', null])
})
