import { expect, test } from 'vitest'
import { oneOf, Stored } from '../../../web/ui/stored.ts'

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

function memory(): Store & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  }
}

const refuse = (): Store => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}

test('a value comes back, under a key that says whose it is', () => {
  const store = memory()
  new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => store }).set('blue')
  expect(store.kept).toEqual(new Map([['oneport.colour', 'blue']]))
  expect(new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => store }).get()).toBe('blue')
})

test('null removes the value', () => {
  const store = memory()
  const colour = new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => store })
  colour.set('red')
  colour.set(null)
  expect(store.kept.size).toBe(0)
  expect(colour.get()).toBeNull()
})

test('another tab’s value is seen', () => {
  const store = memory()
  const [here, there] = [1, 2].map(() => new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => store }))
  here?.set('red')
  there?.set('blue')
  expect(here?.get()).toBe('blue')
})

test.each(['green', '', '{"a":'])('%j, which this page would not write, counts as nothing', (text) => {
  const store = memory()
  store.setItem('oneport.colour', text)
  expect(new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => store }).get()).toBeNull()
})

test('a parser that throws counts as nothing', () => {
  const store = memory()
  store.setItem('oneport.list', '{"a":')
  const list = new Stored<unknown>('list', {
    parse: (text) => JSON.parse(text),
    format: (value) => JSON.stringify(value),
    storage: () => store,
  })
  expect(list.get()).toBeNull()
})

test('where the browser keeps nothing, the page itself keeps the value', () => {
  const colour = new Stored('colour', { ...oneOf(['red', 'blue']), storage: refuse })
  expect(colour.get()).toBeNull()
  colour.set('red')
  expect(colour.get()).toBe('red')
  colour.set(null)
  expect(colour.get()).toBeNull()
})

test('a browser without room keeps the old value, and the page the new one', () => {
  const store = memory()
  store.setItem('oneport.colour', 'red')
  const full: Store = {
    ...store,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  const colour = new Stored('colour', { ...oneOf(['red', 'blue']), storage: () => full })
  colour.set('blue')
  expect(colour.get()).toBe('blue')
  expect(store.kept.get('oneport.colour')).toBe('red')
})
