import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The path of this repository for Vite and Vitest. They treat # and ? in a path as the start of a fragment or query.
 * If the path has one of these, they get a symbolic link, which is removed when this process exits.
 */
export function plainRoot(): { root: string; env: NodeJS.ProcessEnv } {
  const root = join(import.meta.dirname, '..')
  if (!/[#?]/.test(root)) return { root, env: process.env }
  const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
  // A test starts the server as another user.
  chmodSync(folder, 0o755)
  const link = join(folder, 'root')
  symlinkSync(root, link, 'dir')
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  // Without these flags Node resolves the link to the real path.
  const flags = `${process.env['NODE_OPTIONS'] ?? ''} --preserve-symlinks --preserve-symlinks-main`
  return { root: link, env: { ...process.env, NODE_OPTIONS: flags } }
}
