/** What the files under one path may import besides each other. The path '' stands for the files at the root. */
export interface Layer {
  path: string
  /** The other layers, by their paths. */
  may: 'everything' | string[]
  /** Layers of which it may import types only. */
  types?: string[]
  /** Node's modules and npm packages: all of them, all but Node's modules, or these. */
  packages?: 'all' | 'browser' | string[]
  /** Packages that it must not load at run time, not even by way of another file. */
  notLoaded?: string[]
}

/** The layer of the longest path that fits. */
export function layerOf(file: string, layers: Layer[]): Layer | null {
  const fitting = layers.filter(({ path }) =>
    path === '' ? !file.includes('/') : file === path || file.startsWith(`${path}/`),
  )
  return fitting.reduce<Layer | null>((best, next) => (best && best.path.length > next.path.length ? best : next), null)
}

/** Why an import is forbidden, or null. `target` is a file of ours, or null for a package. */
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
