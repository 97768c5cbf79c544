/** Bytes per unit. */
export const SIZE_UNITS: Units = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 }
/** Milliseconds per unit. */
export const TIME_UNITS: Units = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export type Units = Readonly<Record<string, number>>

/** Reads `10`, `1.5k`, `30s`. @returns null for anything else */
export function readQuantity(text: string, units: Units): number | null {
  const [, digits, name] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text.toLowerCase()) ?? []
  if (name === undefined || !Object.hasOwn(units, name)) return null
  return Number(digits) * (units[name] ?? 1)
}

export type Comparison = (value: number) => boolean

/** @returns null for another operator, or without a limit */
export function compareWith(operator: string, limit: number | null): Comparison | null {
  if (limit === null) return null
  if (operator === '>') return (value) => value > limit
  if (operator === '<') return (value) => value < limit
  if (operator === '>=') return (value) => value >= limit
  return operator === '<=' ? (value) => value <= limit : null
}
