import { expect, test } from 'vitest'
import { missingTexts, withFallback } from '../../../web/text/fallback.ts'

const original = {
  app: { menu: 'Menu', count: (n: number) => `${n} clients`, none: null as string | null },
  list: { columns: { id: '#', age: 'Age' }, help: ['age>30s', 'time open'] as [string, string] },
}

test('a text that the translation lacks is shown in the original language', () => {
  const merged = withFallback(original, { app: { menu: 'Меню' }, list: { columns: { age: 'Возраст' } } })
  expect(merged.app.menu).toBe('Меню')
  expect(merged.app.count(5)).toBe('5 clients')
  expect(merged.list.columns).toEqual({ id: '#', age: 'Возраст' })
  expect(merged.list.help).toEqual(['age>30s', 'time open'])
})

test('a translated function or pair replaces the original as a whole', () => {
  const merged = withFallback(original, {
    app: { count: (n) => `клиентов: ${n}` },
    list: { help: ['age>30s', 'сколько открыто'] },
  })
  expect(merged.app.count(5)).toBe('клиентов: 5')
  expect(merged.list.help).toEqual(['age>30s', 'сколько открыто'])
})

test('the finish is applied to every translated text, and to no other', () => {
  const translation = {
    app: { menu: 'меню', count: (n: number) => `клиентов: ${n}` },
    list: { help: ['age', 'время'] as [string, string] },
  }
  const merged = withFallback(original, translation, (text) => text.toUpperCase())
  expect(merged.app.menu).toBe('МЕНЮ')
  expect(merged.app.count(5)).toBe('КЛИЕНТОВ: 5')
  expect(merged.list.help).toEqual(['AGE', 'ВРЕМЯ'])
  expect(merged.list.columns).toEqual({ id: '#', age: 'Age' })
})

test('missing texts are listed by their path, one by one', () => {
  expect(missingTexts(original, original)).toEqual([])
  expect(missingTexts(original, { app: { menu: 'Меню', none: null }, list: { columns: { id: '№' } } })).toEqual([
    'app.count',
    'list.columns.age',
    'list.help',
  ])
  expect(missingTexts(original, {})).toHaveLength(6)
})
