import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The environment in which all processes and threads of a server first run these modules of test/preload/. */
export function preloading(...modules: string[]): { NODE_OPTIONS: string } {
  const urls = modules.map((name) => pathToFileURL(join(import.meta.dirname, '../preload', name)).href)
  return { NODE_OPTIONS: urls.map((url) => `--import=${url}`).join(' ') }
}
