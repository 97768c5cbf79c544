import { expect, test } from 'vitest'
import { labels, message, record } from './decoded.ts'

const CLIENT_HELLO = record(22, 1, message(1, 508))

test('a record has its version, its type, its handshake message and its size', () => {
  expect(labels([CLIENT_HELLO])).toEqual(['0 TLS 1.0 Handshake: ClientHello, 512 B'])
  expect(labels([record(21, 3, [2, 40])])).toEqual(['0 TLS 1.2 Alert, 2 B'])
  expect(labels([record(22, 0, message(1, 50))])).toEqual(['0 TLS SSL 3.0 Handshake: ClientHello, 54 B'])
})

test('the record is named as soon as its first message is', () => {
  expect(labels([CLIENT_HELLO.subarray(0, 6)])).toEqual(['0 TLS 1.0 Handshake: ClientHello, 512 B'])
  expect(labels([CLIENT_HELLO.subarray(0, 5)])).toEqual([])
})

test('further messages of a record are named where they begin, and one may continue in the next record', () => {
  const certificate = message(11, 100)
  const first = [...message(2, 70), ...certificate.slice(0, 30)]
  const second = [...certificate.slice(30), ...message(14, 0)]
  expect(
    labels(
      [
        ['out', record(22, 3, first)],
        ['out', record(22, 3, second)],
      ],
      'out',
    ),
  ).toEqual([
    '0 TLS 1.2 Handshake: ServerHello, 104 B',
    '79 TLS Certificate, 100 B',
    `${5 + first.length} TLS 1.2 Handshake, ${second.length} B`,
    `${5 + first.length + 5 + 74} TLS ServerHelloDone, 0 B`,
  ])
})

test('after ChangeCipherSpec the handshake is encrypted', () => {
  const finished = record(22, 3, [1, 0, 0, 0])
  expect(labels([record(20, 3, [1]), finished, record(23, 3, [1, 2, 3])])).toEqual([
    '0 TLS 1.2 ChangeCipherSpec, 1 B',
    '6 TLS 1.2 Handshake, 4 B',
    '15 TLS 1.2 Application Data, 3 B',
  ])
})

test('an unknown message, and those after it, have no name', () => {
  const unknown = [...message(99, 2), ...message(1, 0)]
  expect(labels([record(22, 3, unknown), record(22, 3, message(1, 3))])).toEqual([
    '0 TLS 1.2 Handshake, 10 B',
    '15 TLS 1.2 Handshake, 7 B',
  ])
})

test.each([
  ['another version', [22, 4, 1, 0, 5, 1]],
  ['another minor version', [22, 3, 9, 0, 5, 1]],
  ['an empty record', [22, 3, 3, 0, 0, 1]],
  ['a record that is too long', [22, 3, 3, 0xff, 0xff, 1]],
  ['another type', [19, 3, 3, 0, 5, 1]],
])('%s is none', (_, bytes) => {
  expect(labels([Uint8Array.from(bytes)])).toEqual([])
})
