import { describe, expect, test } from 'vitest'
import tokens from '../../../web/styles/tokens.css?raw'
import { contrast } from '../../support/contrast.ts'

const SURFACES = [
  'page',
  'surface',
  'surface-raised',
  'surface-sunken',
  'hover',
  'selected',
  'note-tint',
  'bad-tint',
  'fresh',
]
/** Words have these colours, also those that are drawn on the picture's canvas; placeholders have the third ink. */
const TEXTS = ['ink', 'ink-2', 'ink-3', 'port', 'open', 'half', 'over', 'bad']
/** Around fields and boxes, and the marks of states, which words stand beside. */
const SHAPES = ['control', 'open', 'half', 'over', 'bad']

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const colours = new Map(
    [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
      name,
      theme === 'light' ? light : dark,
    ]),
  )

  function weakest(names: string[], grounds: string[], least: number): string[] {
    return names.flatMap((name) =>
      grounds
        .map((ground) => ({ ground, ratio: contrast(colours.get(name) ?? '', colours.get(ground) ?? '') }))
        .filter(({ ratio }) => !(ratio >= least))
        .map(({ ground, ratio }) => `${name} on ${ground}: ${ratio.toFixed(2)}`),
    )
  }

  test('text has a contrast of 4.5:1 on each surface (WCAG 1.4.3)', () => {
    expect(weakest(TEXTS, SURFACES, 4.5)).toEqual([])
  })

  test('text on a filled button or a tip has it too', () => {
    expect(weakest(['page'], ['ink', 'bad'], 4.5)).toEqual([])
  })

  test('what shows a field, a box or a state has 3:1 (WCAG 1.4.11)', () => {
    expect(weakest(SHAPES, SURFACES, 3)).toEqual([])
  })

  test('and so has the ring around what has the focus (WCAG 2.4.13)', () => {
    expect(weakest(['ink'], [...SURFACES, 'control', 'line-strong'], 3)).toEqual([])
  })
})
