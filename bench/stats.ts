/** The p-th percentile (0 to 100) by nearest rank; NaN for an empty list. */
export function percentile(values: number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN
}

export function median(values: number[]): number {
  return percentile(values, 50)
}
