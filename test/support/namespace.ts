import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Tool } from '../tools.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Checks whether this user may create a network namespace, which usually needs root (unshare(1)). */
export function findNamespaces(): Tool {
  const { status } = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up'])
  return status === 0
    ? { path: 'unshare', reason: null }
    : { path: null, reason: 'no right to make a network namespace' }
}

/**
 * Runs a program of test/namespace/ in new network and mount namespaces; the loopback also has these addresses (CIDR). Resolves
 * with the JSON that the program prints.
 */
export async function inNamespace<T>(program: string, addresses: string[], ...args: string[]): Promise<T> {
  // nodad skips duplicate address detection, so that IPv6 addresses work at once.
  const setUp = ['ip link set lo up', ...addresses.map((address) => `ip addr add ${address} dev lo nodad`)].join(' && ')
  const { stdout } = await promisify(execFile)(
    'unshare',
    [
      '-n',
      '-m',
      'sh',
      '-c',
      `${setUp} && exec "$0" "$@"`,
      process.execPath,
      join(ROOT, 'test/namespace', program),
      ...args,
    ],
    { timeout: 50_000, maxBuffer: 16 * 1024 * 1024 },
  )
  return JSON.parse(stdout) as T
}
