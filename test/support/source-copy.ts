import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SOURCES = [
  'scripts',
  'server',
  'shared',
  'web',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]

/** Copies the sources of server, page and scripts into a folder without node_modules, for tests that change them. */
export function copyOfSources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  return folder
}
