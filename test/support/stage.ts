import { onTestFailed } from 'vitest'

/** Begins a stage of a long journey. When the test fails or times out, its error names the stage it was in. */
export function stager(): (name: string) => void {
  let current = 'the beginning'
  onTestFailed(({ task }) => {
    for (const error of task.result?.errors ?? []) error.message = `in stage "${current}": ${error.message}`
  })
  return (name) => void (current = name)
}
