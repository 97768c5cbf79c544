import { expect, test } from 'vitest'
import { BODY_MAX } from '../../../shared/action.ts'
import { encodeDraft, FILE_MAX, type LineEnd } from '../../../web/act/draft.ts'
import { fitsBody } from '../../../web/live/api.ts'

const text = (content: string, lineEnd: LineEnd) => encodeDraft({ kind: 'text', content, lineEnd })
const hex = (content: string) => encodeDraft({ kind: 'hex', content, lineEnd: 'lf' })

test('a text ends each of its lines as chosen, the last one too', () => {
  expect(text('a\nb', 'lf')).toEqual({ bytes: { text: 'a\nb\n' }, length: 4 })
  expect(text('a\nb', 'crlf')).toEqual({ bytes: { text: 'a\r\nb\r\n' }, length: 6 })
  expect(text('a\nb', 'none')).toEqual({ bytes: { text: 'a\nb' }, length: 3 })
})

test('an empty line is something to send, nothing is not', () => {
  expect(text('', 'crlf')).toEqual({ bytes: { text: '\r\n' }, length: 2 })
  expect(text('', 'none')).toEqual({ fault: 'empty' })
  expect(hex(' ')).toEqual({ fault: 'empty' })
})

test('the length is in bytes of UTF-8', () => {
  expect(text('й😀', 'none')).toMatchObject({ length: 6 })
})

test('hex is taken as people write it, and refused where it is none or half a byte lacks', () => {
  expect(hex('0x0d, 0x0A ff')).toEqual({ bytes: { hex: '0d0Aff' }, length: 3 })
  expect(hex('0d 0')).toEqual({ fault: 'odd' })
  expect(hex('0d 0g')).toEqual({ fault: 'not-hex' })
})

test('the largest file that is offered fits into a request, one a little larger does not', () => {
  const body = (bytes: number) => ({ base64: 'A'.repeat((bytes / 3) * 4) })
  expect(fitsBody(body(FILE_MAX))).toBe(true)
  expect(fitsBody(body(FILE_MAX + 63))).toBe(false)
  expect(fitsBody({ text: 'й'.repeat(BODY_MAX / 2) })).toBe(false)
})
