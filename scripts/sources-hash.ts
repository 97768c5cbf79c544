import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Hashes the names and contents of these files, and of all files in these folders. */
export function sourcesHash(root: string, paths: string[]): string {
  const hash = createHash('sha256')
  const files = paths.flatMap((path) =>
    statSync(join(root, path)).isDirectory() ? globSync(`${path}/**/*.*`, { cwd: root }).toSorted() : [path],
  )
  for (const file of files) {
    const content = readFileSync(join(root, file))
    hash.update(`${file} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}
