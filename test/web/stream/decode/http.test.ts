import { expect, test } from 'vitest'
import { labels } from './decoded.ts'

const GET = 'GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n'

test('requests and responses are named by their first lines', () => {
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
  const parts = [GET, ['out', response], GET, ['out', 'HTTP/1.0 404\r\nContent-Length: 0\r\n\r\n']] as const
  expect(labels([...parts] as never)).toEqual(['0 HTTP GET /index.html', `${GET.length} HTTP GET /index.html`])
  expect(labels([...parts] as never, 'out')).toEqual(['0 HTTP 200 OK', `${response.length} HTTP 404`])
})

test('a request is named before its head ends', () => {
  expect(labels(['POST /a?b HTTP/1.1\r\nHost:'])).toEqual(['0 HTTP POST /a?b'])
  expect(labels(['POST /a?b HTTP/1.1\r'])).toEqual([])
})

test.each([
  ['a body with a length', 'POST / HTTP/1.1\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\n'],
  [
    'chunks',
    'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n10;x\r\nGET / HTTP/1.1\r\n\r\n0\r\nA: b\r\n\r\n',
  ],
])('%s is not looked into, and the next request is found behind it', (_, request) => {
  expect(labels([request + GET])).toEqual(['0 HTTP POST /', `${request.length} HTTP GET /index.html`])
})

test.each([
  ['to HEAD', 'HEAD / HTTP/1.1\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'],
  ['304', 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n'],
  ['100', 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'],
])('the answer %s has no body', (_, request, answer) => {
  const next = 'HTTP/1.1 204 No Content\r\n\r\n'
  const found = labels([request, request, ['out', answer + next]], 'out')
  expect(found[1]).toBe(`${answer.length} HTTP 204 No Content`)
})

test('a response without a length extends to the end of the connection', () => {
  expect(labels([['out', `HTTP/1.1 200 OK\r\n\r\n${GET}${GET}`]], 'out')).toEqual(['0 HTTP 200 OK'])
})

test('a target is cut, and nothing in it is unseen', () => {
  const [label = ''] = labels([`GET /\u202e${'x'.repeat(200)} HTTP/1.1\r\n`])
  expect(label).toBe(`0 HTTP GET /<202E>${'x'.repeat(54)}…`)
})

test.each(['HELLO world\r\n', 'Get / HTTP/1.1\r\n', 'GET / HTTP/2.0\r\n', 'GET  HTTP/1.1\r\n', `A${'B'.repeat(30)} /`])(
  '%j is none',
  (text) => expect(labels([text])).toEqual([]),
)

test('a request is found in the line or in the chunk after something else', () => {
  expect(labels([`hello\n${GET}`])).toEqual(['6 HTTP GET /index.html'])
  expect(labels(['hello', GET])).toEqual(['5 HTTP GET /index.html'])
})
