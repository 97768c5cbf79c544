import type { ESLint, Rule, SourceCode } from 'eslint'
import { relative } from 'node:path'
import { type Edge, edgesOf, wayBetween, wayToPackage } from './graph.ts'
import { layerOf, type Layer, whyForbidden } from './layers.ts'

/**
 * ESLint rules for imports. No published plugin covers types, `import()`, re-exports and Svelte files together:
 * import-x/no-cycle skips type imports and .svelte files, eslint-plugin-boundaries does not find cycles, and knip
 * ignores types.
 * @param root the folder that the layers' paths are relative to
 */
export function importRules(root: string, layers: Layer[]): ESLint.Plugin {
  const short = (path: string): string => relative(root, path)
  const way = (files: string[]): string => files.map(short).join(' -> ')

  const boundaries = rule((file) => {
    const own = layerOf(short(file), layers)
    return ({ specifier, typeOnly, path }) => {
      const target = path === null ? null : short(path)
      const why = whyForbidden(own, { specifier, typeOnly, target }, layers)
      if (why !== null || typeOnly || path === null) return why
      for (const name of own?.notLoaded ?? []) {
        const files = wayToPackage(path, name)
        if (files !== null) return `${own?.path} may not load ${name}, and ${way(files)} does. Use \`import type\`.`
      }
      return null
    }
  })

  const noCycle = rule((file) => {
    const without = new Set<string>()
    return ({ path }) => {
      const files = path === null ? null : wayBetween(path, file, without)
      return files === null ? null : `Import cycle: ${way([file, ...files])}`
    }
  })

  return { meta: { name: 'oneport' }, rules: { boundaries, 'no-cycle': noCycle } }
}

/** @param check called with a file, returns a function that describes the problem of an import, or null */
function rule(check: (file: string) => (edge: Edge) => string | null): Rule.RuleModule {
  return {
    meta: { type: 'problem', schema: [] },
    create: ({ filename, sourceCode, report }) => ({
      Program() {
        const problemOf = check(filename)
        for (const edge of edgesIn(filename, sourceCode)) {
          const message = problemOf(edge)
          const at = (index: number) => sourceCode.getLocFromIndex(index)
          if (message !== null) report({ message, loc: { start: at(edge.start), end: at(edge.end) } })
        }
      },
    }),
  }
}

const parsed = new WeakMap<SourceCode, Edge[]>()

/** Cached, because both rules need the imports of the same file. */
function edgesIn(file: string, sourceCode: SourceCode): Edge[] {
  const edges = parsed.get(sourceCode) ?? edgesOf(file, sourceCode.text)
  parsed.set(sourceCode, edges)
  return edges
}
