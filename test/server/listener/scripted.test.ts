import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ServedConnection } from '../../../server/listener/behaviors.ts'
import { Scripted } from '../../../server/listener/scripted.ts'
import { bytesOfText, onOneLine, type Rule } from '../../../shared/script.ts'
import { startListener } from '../../support/listener.ts'

/** A connection whose client reads on request. */
class Served implements ServedConnection {
  readonly socket = { writable: true }
  readonly sent: Buffer[] = []
  reading = true
  full = false
  /** Sees to it that the connection is full after each write. */
  slow = false
  #later: ((connection: ServedConnection) => void) | null = null

  write(chunk: Buffer): boolean {
    this.sent.push(chunk)
    this.full = this.slow
    return !this.full
  }
  later(step: (connection: ServedConnection) => void): void {
    this.#later = step
  }
  waitForRoom(): void {
    this.reading = false
  }
  roomAgain(): void {
    this.reading = true
  }
  answerFin(): void {}

  /** Runs what the behavior does in further turns, and drains. */
  settle(behavior: Scripted): void {
    while (!this.reading) {
      const step = this.#later
      this.#later = null
      if (this.full) {
        this.full = false
        behavior.drained(this)
      } else step?.(this)
    }
  }
}

/** The answers to a text whose bytes come at once, found in the simplest way. */
function expected(rules: Rule[], text: string): string {
  let seen = ''
  let answers = ''
  for (const char of text) {
    seen += char
    const rule = rules.find(({ when }) => seen.endsWith(when))
    if (rule === undefined) continue
    answers += rule.answer
    seen = ''
  }
  return answers
}

const word = (minLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength: 6 })
const someRules = fc.array(fc.record({ when: word(1), answer: word(0) }), { minLength: 1, maxLength: 5 })

test('answers the same, whatever the rules are, however the bytes are cut, and however slowly the client reads', () => {
  fc.assert(
    fc.property(someRules, fc.array(word(0), { maxLength: 20 }), fc.boolean(), (rules, chunks, slow) => {
      const behavior = new Scripted(rules)
      const served = new Served()
      served.slow = slow
      behavior.opened(served)
      for (const chunk of chunks) {
        behavior.data(served, Buffer.from(chunk))
        served.settle(behavior)
      }
      expect(Buffer.concat(served.sent).toString()).toBe(expected(rules, chunks.join('')))
    }),
  )
})

test('the server sends little in one turn, and stops reading until the answers have room', () => {
  const behavior = new Scripted([{ when: 'a', answer: 'x'.repeat(1_000) }])
  const served = new Served()
  served.slow = true
  behavior.data(served, Buffer.alloc(1_000, 'a'))
  expect([served.reading, served.sent.length]).toEqual([false, 1])
  served.settle(behavior)
  expect(Math.max(...served.sent.map(({ length }) => length))).toBeLessThan(20_000)
  expect(Buffer.concat(served.sent)).toHaveLength(1_000_000)
})

test('a rule of bytes that nearly match at every place is found in time', () => {
  const rules = Array.from({ length: 20 }, () => ({ when: `${'a'.repeat(199)}b`, answer: 'x' }))
  const behavior = new Scripted(rules)
  const served = new Served()
  const before = performance.now()
  behavior.data(served, Buffer.concat([Buffer.alloc(64 * 1024, 'a'), Buffer.from('b')]))
  served.settle(behavior)
  expect(served.sent.map(String)).toEqual(['x'])
  // A search that goes back would compare 260 million bytes.
  expect(performance.now() - before).toBeLessThan(400)
})

describe('on a real connection', () => {
  const rules = [
    { when: String.raw`PING\r\n`, answer: String.raw`+PONG\r\n` },
    { when: String.raw`\x00\xff`, answer: String.raw`\\\x80` },
  ]

  test('answers each of several requests in one chunk, and one that comes in two', async () => {
    const listener = await startListener({ behavior: 'scripted', rules })
    const { client, id } = await listener.client()
    client.socket.write('PING\r\nPING\r\nnoise PI')
    expect((await client.bytes(14)).toString()).toBe('+PONG\r\n+PONG\r\n')
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === 20)
    client.socket.end(Buffer.from('NG\r\n\0\xff', 'latin1'))
    expect(await client.ended).toBe('fin')
    expect(client.received.subarray(14).toString('latin1')).toBe('+PONG\r\n\\\x80')
  })

  test('of one connection, the rules replace another behavior and end with it', async () => {
    const listener = await startListener({ behavior: 'discard' })
    const { client, id } = await listener.client()
    await listener.behavior(id, 'scripted', [{ when: 'a', answer: '1' }])
    await listener.recordOf(id, ({ behavior }) => behavior === 'scripted')
    client.socket.write('a')
    await client.bytes(1)
    await listener.behavior(id, 'echo')
    client.socket.write('a')
    expect((await client.bytes(2)).toString()).toBe('1a')
  })
})

describe('text with escapes', () => {
  test.for([
    [String.raw`a\n\r\t\\\x00\xFF`, '610a0d095c00ff'],
    ['é\n', 'c3a90a'],
    ['', ''],
  ])('%j', ([text = '', hex]) => {
    expect(Buffer.from(bytesOfText(text) ?? []).toString('hex')).toBe(hex)
    expect(bytesOfText(onOneLine(text))).toEqual(bytesOfText(text))
  })

  test.for([String.raw`\q`, String.raw`\x1`, String.raw`\xg0`, '\\'])('%j is none', (text) => {
    expect(bytesOfText(text)).toBe(null)
  })

  test('any text on one line has the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = text.replaceAll('\\', '\\\\')
        expect(onOneLine(escaped)).not.toMatch(/\p{Cc}/u)
        expect(bytesOfText(onOneLine(escaped))).toEqual(bytesOfText(escaped))
      }),
    )
  })
})
