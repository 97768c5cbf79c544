import { expect, test } from 'vitest'
import { recordFields } from '../../../web/connection/record.ts'
import { connectCommands, otherCommands, ssCommand, tupleText } from '../../../web/live/socket-text.ts'
import { NOW, row, UNTOUCHED } from './rows.ts'

const bytes = (bytesIn: number, chunksIn = 1) => ({ ...UNTOUCHED, bytesIn, bytesOut: 0, chunksIn, chunksOut: 0 })

test('the rate of a steady stream is its rate', () => {
  const one = row(1)
  for (let second = 0; second < 60; second += 0.1) one.update(NOW + second * 1000, bytes(second * 1000))
  expect(one.rate(NOW + 60_000)).toBeGreaterThan(900)
  expect(one.rate(NOW + 60_000)).toBeLessThan(1100)
})

test('the rate fades when nothing comes, and ends with the connection', () => {
  const one = row(1)
  one.update(NOW, bytes(10_000))
  expect(one.rate(NOW + 30_000)).toBeLessThan(0.5)
  one.update(NOW + 30_000, bytes(20_000))
  one.end({ at: NOW + 30_001, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  expect(one.rate(NOW + 30_001)).toBe(0)
})

test('age stops at the close, and a closed connection is not idle', () => {
  const one = row(1, { openedAt: NOW, lastActivityAt: NOW + 500 })
  expect(one.ageMs(NOW + 9000)).toBe(9000)
  expect(one.idleMs(NOW + 9000)).toBe(8500)
  one.end({ at: NOW + 2000, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  expect(one.ageMs(NOW + 9000)).toBe(2000)
  expect(one.idleMs(NOW + 9000)).toBeNull()
})

test('a clock a little behind gives no negative age', () => {
  expect(row(1, { openedAt: NOW + 50 }).ageMs(NOW)).toBe(0)
})

test('a frozen row doesn’t change when the live row does', () => {
  const one = row(1)
  one.update(NOW, bytes(5))
  const frozen = one.frozen()
  one.update(NOW + 1, bytes(9))
  expect(frozen.bytesIn).toBe(5)
  expect(frozen.rate(NOW)).toBeGreaterThan(0)
})

test('the record has every field that applies, and no others', () => {
  const labels = (one = row(1)) => recordFields(one, NOW + 5000).map(([label]) => label)
  expect(labels()).toContain('Idle for')
  expect(labels()).not.toContain('Ended')
  const ended = row(2)
  ended.end({ at: NOW + 100, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null })
  expect(Object.fromEntries(recordFields(ended, NOW))).toMatchObject({
    Ended: 'Reset by client · RST',
    'Error code': 'ECONNRESET',
    Descriptor: 'closed',
  })
  const unknown = row(3, { remote: { address: '0.0.0.0', port: 0 } })
  expect(Object.fromEntries(recordFields(unknown, NOW))['Remote endpoint']).toBe(
    'unknown: reset before the server could read the address',
  )
})

test('texts to copy name the socket as ss does', () => {
  const one = row(1, { local: { address: '::1', port: 8080 }, remote: { address: '::1', port: 50_000 } })
  expect(tupleText(one)).toBe('[::1]:8080 [::1]:50000')
  expect(ssCommand(one)).toBe("ss -tanoe 'src [::1]:8080 and dst [::1]:50000'")
  const zoned = { address: 'fe80::2%eth0', port: 50_000 }
  expect(ssCommand({ local: { address: 'fe80::1%eth0', port: 8080 }, remote: zoned })).toBe(
    "ss -tanoe 'src [fe80::1]:8080 and dst [fe80::2]:50000'",
  )
  expect(connectCommands('[::1]', 8080)).toEqual(['nc ::1 8080', 'telnet ::1 8080'])
})

test('an IPv6 address has no brackets, and PowerShell gets the port by its name', () => {
  const { python, powershell } = otherCommands('[::1]', 8080)
  expect(python).toContain("('::1', 8080)")
  expect(powershell).toBe('Test-NetConnection ::1 -Port 8080')
})
