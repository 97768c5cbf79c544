import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ROOT } from '../support/docs.ts'

/** The lines that git prints in the repository; null without git or a repository, as in a source archive. */
function git(...args: string[]): string[] | null {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  // check-ignore exits with 1 when it has found nothing.
  return status === 0 || status === 1 ? stdout.split('\n').filter((line) => line !== '') : null
}

const tracked = git('ls-files')

test.skipIf(tracked === null)('.env, which may hold the token, is ignored by git, and no such file is tracked', () => {
  // --no-index, because git never calls a tracked file ignored.
  const places = ['.env', 'server/.env']
  expect(git('check-ignore', '--no-index', ...places)).toEqual(places)
  expect(git('check-ignore', '--no-index', '.env.example')).toEqual([])
  expect(tracked?.filter((file) => /(^|\/)\.env/.test(file))).toEqual(['.env.example'])
})
