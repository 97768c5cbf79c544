import { readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'

/**
 * Stops a process with SIGSTOP until `resume`, at the latest until the end of the test. A process on another core runs on until the
 * signal takes effect, so this waits for it.
 */
export async function suspend(pid: number): Promise<{ resume: () => void }> {
  const resume = (): void => {
    try {
      process.kill(pid, 'SIGCONT')
    } catch {
      // It has ended.
    }
  }
  onTestFinished(resume)
  process.kill(pid, 'SIGSTOP')
  if (process.platform === 'linux')
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toMatch(/\) T /)
  return { resume }
}
