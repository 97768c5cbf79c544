/**
 * What the files under a path may import. Files of the same layer may always import each other. The path '' means the
 * files in the root folder.
 */
export interface Layer {
  path: string
  /** Paths of other layers that this layer may import. */
  may: 'everything' | string[]
  /** Paths of layers from which only types may be imported. */
  types?: string[]
  /** Allowed packages: all of them, all except Node's own modules, or the listed ones. */
  packages?: 'all' | 'browser' | string[]
  /** Packages that the layer must not load at run time, not even through another file. */
  notLoaded?: string[]
}

/** The layer whose path is the longest match. */
export function layerOf(file: string, layers: Layer[]): Layer | null {
  const fitting = layers.filter(({ path }) =>
    path === '' ? !file.includes('/') : file === path || file.startsWith(`${path}/`),
  )
  return fitting.reduce<Layer | null>((best, next) => (best && best.path.length > next.path.length ? best : next), null)
}

/**
 * Explains why an import is forbidden.
 * @param target a file of the repository, or null for a package
 * @returns null if the import is allowed
 */
export function whyForbidden(
  own: Layer | null,
  { specifier, target, typeOnly }: { specifier: string; target: string | null; typeOnly: boolean },
  layers: Layer[],
): string | null {
  if (own === null) return 'This file is in no layer. Add its folder to eslint.boundaries.ts.'
  if (target === null) return mayUse(own, specifier, typeOnly) ? null : `${own.path} may not import ${specifier}.`
  if (own.may === 'everything') return null
  const other = layerOf(target, layers)
  if (other === null) return `${target} is in no layer. Add its folder to eslint.boundaries.ts.`
  if (other === own || own.may.includes(other.path)) return null
  if (!own.types?.includes(other.path)) return `${own.path} may not import ${other.path}.`
  return typeOnly ? null : `${own.path} may import types only from ${other.path}. Use \`import type\`.`
}

function mayUse({ packages = 'all', notLoaded = [] }: Layer, specifier: string, typeOnly: boolean): boolean {
  if (!typeOnly && notLoaded.some((name) => isPackage(specifier, name))) return false
  if (packages === 'all') return true
  if (packages === 'browser') return !specifier.startsWith('node:')
  return packages.some((name) => isPackage(specifier, name))
}

export function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`)
}
