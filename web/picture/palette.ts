const COLOURS = [
  'surface',
  'surface-raised',
  'surface-sunken',
  'selected',
  'line',
  'line-strong',
  'ink',
  'ink-2',
  'ink-3',
  'port',
  'half',
  'over',
  'bad',
  'warn',
  'warn-mark',
] as const

export type Palette = Record<(typeof COLOURS)[number], string>

/** The colour tokens in a form a canvas accepts: a custom property keeps light-dark(), a computed colour does not. */
export function readPalette(element: HTMLElement): Palette {
  const before = element.style.color
  const colour = (name: string) => {
    element.style.color = `var(--${name})`
    return getComputedStyle(element).color
  }
  const palette = Object.fromEntries(COLOURS.map((name) => [name, colour(name)])) as Palette
  element.style.color = before
  return palette
}

const SANS = "'Inter', system-ui, sans-serif"
const MONO = "'JetBrains Mono', ui-monospace, monospace"

export function sans(size: number, weight = 500): string {
  return `${weight} ${size}px ${SANS}`
}

export function mono(size: number, weight = 400): string {
  return `${weight} ${size}px ${MONO}`
}
