import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Import, importsOf } from './imports.ts'
import { isPackage } from './layers.ts'

/** An import and the absolute path of its file; null for a package or one of Node's modules. */
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

/** The imports of a file on disk. Empty if the file is missing or is not source code. */
function edgesFrom(path: string): Edge[] {
  if (!/\.(ts|js|svelte)$/.test(path)) return []
  // Editors keep ESLint running, so the file may have changed since the last time.
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  if (modified === undefined) return []
  const known = cache.get(path)
  if (known?.modified === modified) return known.edges
  const edges = edgesOf(path, readFileSync(path, 'utf8'))
  cache.set(path, { modified, edges })
  return edges
}

/**
 * Finds the chain of imports from `from` to `to`, both included.
 * @returns null if there is none
 * @param without files known not to reach `to`. The search adds to them, so pass the same set for all imports of one
 * file.
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

/** Finds the chain of files through which `from` loads the package at run time. @returns null if it does not */
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
