import { tick } from 'svelte'

/**
 * Work on the page as it will be once it is drawn anew, for an effect to return: what is gone by then, or drawn once more,
 * has none.
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
