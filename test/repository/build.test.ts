import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { copyOfSources } from '../support/source-copy.ts'

const OLD_NODE =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})"

test('without the packages that build it, `npm start` says in one line what to run, on an old Node too', () => {
  const cwd = copyOfSources()
  for (const NODE_OPTIONS of ['', `--import=${OLD_NODE}`]) {
    const env = { ...process.env, NODE_OPTIONS }
    const { status, stderr } = spawnSync(process.execPath, ['scripts/run-build.js'], { cwd, env, encoding: 'utf8' })
    expect(stderr).toMatch(/^oneport: [^\n]*NODE_ENV=production[^\n]*npm ci --include=dev\n$/)
    expect(status).toBe(1)
  }
})
