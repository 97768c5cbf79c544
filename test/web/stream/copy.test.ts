import { expect, test } from 'vitest'
import { copyAs } from '../../../web/stream/copy.ts'
import { counting } from './frames.ts'

const NC = 'nc 127.0.0.1 8080'

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

test('as text, tabs and line ends stay, and nothing that would act on a terminal does', () => {
  expect(copyAs('text', bytes('a\tb\r\nß €'), NC)).toBe('a\tb\r\nß €')
  expect(copyAs('text', bytes('\x1b[2J\x07\0\x7f\u202e\u009b\u200b'), NC)).toBe('␛[2J␇␀␡<202E><009B><200B>')
  expect(copyAs('text', Uint8Array.of(0x41, 0xff, 0xe2, 0x82), NC)).toBe('A<FF><E2><82>')
})

test('as hex, 16 bytes a line', () => {
  expect(copyAs('hex', counting(18), NC)).toBe('00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11')
  expect(copyAs('hex', new Uint8Array(), NC)).toBe('')
})

test('as a C array', () => {
  expect(copyAs('c', counting(13), NC)).toBe(
    'const unsigned char bytes[13] = {\n' +
      '  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,\n' +
      '  0x0c,\n' +
      '};',
  )
})

test('as a command for the shell', () => {
  expect(copyAs('shell', bytes('GET / HTTP/1.1\r\n'), NC)).toBe("printf 'GET / HTTP/1.1\\015\\012' | nc 127.0.0.1 8080")
  expect(copyAs('shell', bytes("-n 'x' 100% \\ é"), NC)).toBe(
    "printf '\\055n \\047x\\047 100\\045 \\134 \\303\\251' | nc 127.0.0.1 8080",
  )
})

test('a long command is of lines that a terminal takes', () => {
  const lines = copyAs('shell', counting(65_536), NC).split('\n')
  expect(lines[0]).toBe('{')
  expect(lines.at(-1)).toBe(`} | ${NC}`)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(4095)
})
