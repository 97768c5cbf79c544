import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { SMALL_HEAP } from '../../../server/listener/child.ts'

const FILL = fileURLToPath(new URL('../../support/fill-captures.ts', import.meta.url))

test('the listener process needs less than four times the captured bytes, after many times as many', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...SMALL_HEAP, FILL])
  expect(Number(stdout)).toBeLessThan(200)
})
