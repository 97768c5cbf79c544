import { readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'

/**
 * Stops a process with SIGSTOP until `resume`, at the latest until the end of the test. The signal alone does not suffice: until it
 * takes effect, a process that runs on another core goes on.
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
