import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// Test files share their worker. A fake clock that stays would make the next file wait for ever.
test('each test file that fakes timers restores the real ones', () => {
  const files = execFileSync('git', ['ls-files', 'test'], { encoding: 'utf8' }).split('\n')
  const stopping = files.filter(
    (file) => file.endsWith('.test.ts') && /vi\.useFakeTimers\(/.test(readFileSync(file, 'utf8')),
  )
  expect(stopping.length).toBeGreaterThan(5)
  expect(stopping.filter((file) => !readFileSync(file, 'utf8').includes('vi.useRealTimers('))).toEqual([])
})
