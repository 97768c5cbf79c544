import { describe, expect, test } from 'vitest'
import projector from '../../../web/app/projector.css?raw'
import tokens from '../../../web/ui/tokens.css?raw'
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
/** Text colours, also on the picture's canvas; placeholders use the third ink. */
const TEXTS = ['ink', 'ink-2', 'ink-3', 'port', 'open', 'half', 'over', 'bad']
/** Borders of fields and boxes, and the marks next to states. */
const SHAPES = ['control', 'open', 'half', 'over', 'bad']

/** Backgrounds of text on the projector: the page, boxes, the newest event, the picture's selection. */
const PROJECTED = ['page', 'surface', 'surface-sunken', 'note-tint']

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const coloursOf = (css: string) =>
    [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name, light, dark]) => [name, theme === 'light' ? light : dark] as const,
    )
  const desk = new Map(coloursOf(tokens))
  const room = new Map([...desk, ...coloursOf(projector)])

  function weakest(names: string[], grounds: string[], least: number, colours = desk): string[] {
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

  test('on the projector text has 7:1 (WCAG 1.4.6), and what shows a box or a state 3:1', () => {
    expect(weakest(TEXTS, PROJECTED, 7, room)).toEqual([])
    expect(weakest([...SHAPES, 'line-strong'], PROJECTED, 3, room)).toEqual([])
  })

  test('the projector only changes colours that there are', () => {
    expect(coloursOf(projector).filter(([name]) => !desk.has(name))).toEqual([])
    expect(coloursOf(projector).length).toBe(projector.match(/--[\w-]+:/g)?.length)
  })
})
