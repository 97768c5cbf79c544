import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CATALOGUES } from '../../../web/text/catalogues.ts'
import { typeset } from '../../../web/text/ru/typeset.ts'
import { formatCount, setFormats } from '../../../web/text/format.ts'

const { ru } = CATALOGUES

beforeEach(() => setFormats('ru'))
afterEach(() => setFormats('en'))

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const said = (word: (count: number, formatted: string) => string) => (count: number) =>
  plain(word(count, formatCount(count)))

test.each([
  [0, 'сокетов соединений'],
  [1, 'сокет соединения'],
  [2, 'сокета соединений'],
  [4, 'сокета соединений'],
  [5, 'сокетов соединений'],
  [11, 'сокетов соединений'],
  [14, 'сокетов соединений'],
  [21, 'сокет соединения'],
  [22, 'сокета соединений'],
  [25, 'сокетов соединений'],
  [100, 'сокетов соединений'],
  [101, 'сокет соединения'],
  [111, 'сокетов соединений'],
  [1000, 'сокетов соединений'],
])('the sentence: %d %s', (count, text) => {
  expect(ru.app.sentence.connected(count)).toBe(text)
})

describe('verbs and adjectives agree with the number', () => {
  test.each([
    [1, '1 отличается'],
    [3, '3 отличаются'],
    [5, '5 отличаются'],
    [21, '21 отличается'],
    [1000, '1 000 отличаются'],
  ])('%d: %s', (count, text) => {
    expect(said(ru.kernel.differ)(count)).toBe(text)
  })

  test.each([
    [1, 'accept() возобновлён: в очереди ждал 1 клиент.'],
    [2, 'accept() возобновлён: в очереди ждали 2 клиента.'],
    [11, 'accept() возобновлён: в очереди ждали 11 клиентов.'],
    [21, 'accept() возобновлён: в очереди ждал 21 клиент.'],
  ])('%d: %s', (count, text) => {
    expect(said(ru.ports.queue.resumedServed)(count)).toBe(text)
  })

  test.each([
    [1, '1 выбранное соединение'],
    [4, '4 выбранных соединения'],
    [25, '25 выбранных соединений'],
    [101, '101 выбранное соединение'],
  ])('%d: %s', (count, text) => {
    expect(said(ru.list.export.picked)(count)).toBe(text)
  })

  test('«X из Y»: the noun is in the genitive and agrees with the second number', () => {
    const { line } = ru.kernel
    expect(plain(line(1, '1', '1', false))).toBe('Данные сервера и ядра совпадают: 1 из 1 сокета')
    expect(plain(line(3, '2', '3', false))).toBe('Данные сервера и ядра совпадают: 2 из 3 сокетов')
    expect(plain(line(21, '20', '21', true))).toBe('Данные сервера и ядра совпадают: 20 из 21 открытого сокета')
  })
})

test.each([
  [1, 'Закрыть 1 соединение?', 'Закрыто 1 соединение.', 'Выбрано 1 соединение'],
  [2, 'Закрыть 2 соединения?', 'Закрыто 2 соединения.', 'Выбрано 2 соединения'],
  [12, 'Закрыть 12 соединений?', 'Закрыто 12 соединений.', 'Выбрано 12 соединений'],
  [1000, 'Закрыть 1 000 соединений?', 'Закрыто 1 000 соединений.', 'Выбрано 1 000 соединений'],
])('with %d connections, the question, the result and the selection agree: %s', (count, question, done, chosen) => {
  expect(said((n, formatted) => ru.act.confirm.heading('fin', n, formatted))(count)).toBe(question)
  expect(said(ru.act.bulk.done.fin)(count)).toBe(done)
  expect(said(ru.list.picks.count)(count)).toBe(chosen)
})

test('a dash keeps to the word before it, a number to the word after it', () => {
  expect(typeset('Предел — 5 соединений')).toBe('Предел\u00a0— 5\u00a0соединений')
  expect(typeset('соединение № 5')).toBe('соединение №\u00a05')
  expect(typeset('127.0.0.17 подключается')).toBe('127.0.0.17 подключается')
  expect(ru.ports.queue.resumedServed(2, '2')).toContain('2\u00a0клиента')
})

test('a command keeps its plain spaces', () => {
  const command = 'sudo ifconfig lo0 alias 127.0.0.2'
  expect(ru.lookup.alias('127.0.0.2')).toContain(command)
  expect(typeset('nc -p 50000 127.0.0.1 8080')).toBe('nc -p 50000 127.0.0.1 8080')
})
