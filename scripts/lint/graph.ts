import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Import, importsOf } from './imports.ts'
import { isPackage } from './layers.ts'

/** An import with the file it names: absolute, or null for a package and for Node's own modules. */
export interface Edge extends Import {
  path: string | null
}

export function edgesOf(file: string, code: string): Edge[] {
  return importsOf(file, code).map((found) => {
    const [specifier = ''] = found.specifier.split('?')
    return { ...found, path: specifier.startsWith('.') ? resolve(dirname(file), specifier) : null }
  })
}

const cache = new Map<string, { modified: number; edges: Edge[] }>()

/** The imports of a file on disk; none if the file is missing or is not source code. */
function edgesFrom(path: string): Edge[] {
  if (!/\.(ts|js|svelte)$/.test(path)) return []
  // Editors keep ESLint running, so a file may have changed since it was read.
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  if (modified === undefined) return []
  const known = cache.get(path)
  if (known?.modified === modified) return known.edges
  const edges = edgesOf(path, readFileSync(path, 'utf8'))
  cache.set(path, { modified, edges })
  return edges
}

/**
 * How `from` reaches `to`: the files on the way with both ends, or null.
 * @param without files known not to reach `to`. The search adds to them; pass the same set for each import of one file.
 */
export function wayBetween(from: string, to: string, without: Set<string>): string[] | null {
  if (from === to) return [to]
  if (without.has(from)) return null
  without.add(from)
  for (const { path } of edgesFrom(from)) {
    const rest = path === null ? null : wayBetween(path, to, without)
    if (rest !== null) {
      without.delete(from)
      return [from, ...rest]
    }
  }
  return null
}

/** How `from` comes to load the package at run time, as the files on the way, or null. */
export function wayToPackage(from: string, name: string, seen = new Set<string>()): string[] | null {
  if (seen.has(from)) return null
  seen.add(from)
  for (const { path, specifier, typeOnly } of edgesFrom(from)) {
    if (typeOnly) continue
    if (path === null && isPackage(specifier, name)) return [from]
    const rest = path === null ? null : wayToPackage(path, name, seen)
    if (rest !== null) return [from, ...rest]
  }
  return null
}
