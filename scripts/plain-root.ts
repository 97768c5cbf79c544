import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * This repository by a path that Vite and Vitest can read. They take a # or a ? in a path for the start of a fragment or a query.
 * Below a folder with such a name they get a symbolic link instead, which is removed when this process exits.
 */
export function plainRoot(): { root: string; env: NodeJS.ProcessEnv } {
  const root = join(import.meta.dirname, '..')
  if (!/[#?]/.test(root)) return { root, env: process.env }
  const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
  const link = join(folder, 'root')
  symlinkSync(root, link, 'dir')
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  // Node would replace the link by what it points to.
  const flags = `${process.env['NODE_OPTIONS'] ?? ''} --preserve-symlinks --preserve-symlinks-main`
  return { root: link, env: { ...process.env, NODE_OPTIONS: flags } }
}
