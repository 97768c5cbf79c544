import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os'
import { findBrowser } from '../test/tools.ts'

/** Describes the machine that the bench runs on. */
export function machine(): string {
  const { path } = findBrowser()
  const browser = path === null ? 'no browser' : spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const gib = Math.round(totalmem() / 1024 ** 3)
  return `${availableParallelism()} cores (${cpus()[0]?.model ?? arch()}), ${gib} GiB, Linux ${release()}, Node ${process.version}, ${browser}`
}
