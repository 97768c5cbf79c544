import { tick } from 'svelte'

/**
 * Runs `work` after the next update of the page.
 * @returns a function that cancels it; an effect returns this function, so it cancels its own work if it runs again
 * first
 */
export function onceDrawn(work: () => void): () => void {
  let wanted = true
  void tick().then(() => {
    if (wanted) work()
  })
  return () => {
    wanted = false
  }
}
