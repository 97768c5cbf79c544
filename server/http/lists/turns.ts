const waiting: (() => void)[] = []
let scheduled = false

/**
 * Waits for the next free turn of the event loop. Long work is done in slices with a turn before each. In one turn only
 * one slice is done, so other requests wait no longer for eight long answers than for one.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    schedule()
  })
}

function schedule(): void {
  if (scheduled || waiting.length === 0) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    waiting.shift()?.()
    schedule()
  })
}

/** Sorts in slices: sorts short runs, and then merges them in pairs. */
export async function sortInTurns<T>(items: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  let runs: T[][] = []
  for (let i = 0; i < items.length; i += RUN) {
    await turn()
    runs.push(items.slice(i, i + RUN).sort(compare))
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) merged.push(await merge(runs[i] ?? [], runs[i + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

/** Items of a run, and items merged in one turn. */
const RUN = 1_000
const MERGED = 5_000

async function merge<T>(a: T[], b: T[], compare: (x: T, y: T) => number): Promise<T[]> {
  const order = (x: T | undefined, y: T | undefined): boolean =>
    x === undefined || y === undefined || compare(x, y) <= 0
  await turn()
  // Often the items are in order already, or in the opposite order.
  if (order(a.at(-1), b[0])) return a.concat(b)
  if (order(b.at(-1), a[0])) return b.concat(a)
  const merged: T[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (merged.length % MERGED === MERGED - 1) await turn()
    const next = order(a[i], b[j]) ? a[i++] : b[j++]
    if (next !== undefined) merged.push(next)
  }
  return merged.concat(i < a.length ? a.slice(i) : b.slice(j))
}
