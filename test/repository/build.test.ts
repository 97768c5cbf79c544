import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SOURCES = ['scripts', 'server', 'shared', 'web', 'vite.config.ts', 'package.json', 'package-lock.json']
const OLD_NODE =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})"

test('without the packages that build it, `npm start` says in one line what to run, on an old Node too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
  try {
    for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    for (const NODE_OPTIONS of ['', `--import=${OLD_NODE}`]) {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/run-build.js'], {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS },
        encoding: 'utf8',
      })
      expect(stderr).toMatch(/^oneport: [^\n]*NODE_ENV=production[^\n]*npm ci --include=dev\n$/)
      expect(status).toBe(1)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
