import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The environment in which all processes and threads of a server first run this module of test/preload/. */
export function preloading(name: string): { NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../preload', name)).href}` }
}

/** The environment of a server without koffi. */
export const WITHOUT_KOFFI: Record<string, string> = preloading('instead-of-koffi.ts')

/** The environment of a server with a module of test/koffi/ in its place. */
export function insteadOfKoffi(name: string): Record<string, string> {
  return { ...WITHOUT_KOFFI, INSTEAD_OF_KOFFI: name }
}
