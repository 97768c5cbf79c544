import { setImmediate as turn } from 'node:timers/promises'

/** What is done for many connections yields to the event loop after this many milliseconds. */
const SLICE_MS = 10

/** Calls `act` for each item, in slices, so that other connections are served meanwhile. */
export async function inSlices<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS
  for (const item of items) {
    act(item)
    if (performance.now() < sliceEnd) continue
    await turn()
    sliceEnd = performance.now() + SLICE_MS
  }
}
