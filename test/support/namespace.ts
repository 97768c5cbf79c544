import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Tool } from '../tools.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Whether this user may make a network namespace: root, as a rule (unshare(1)). */
export function findNamespaces(): Tool {
  const { status } = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up'])
  return status === 0
    ? { path: 'unshare', reason: null }
    : { path: null, reason: 'no right to make a network namespace' }
}

/**
 * Runs a program of test/namespace/ with Node in a network namespace of its own, whose loopback has these addresses (CIDR)
 * besides its usual ones. Resolves with the JSON it prints.
 */
export async function inNamespace<T>(program: string, addresses: string[], ...args: string[]): Promise<T> {
  // nodad: an IPv6 address could not be used at once otherwise.
  const setUp = ['ip link set lo up', ...addresses.map((address) => `ip addr add ${address} dev lo nodad`)].join(' && ')
  const { stdout } = await promisify(execFile)(
    'unshare',
    ['-n', 'sh', '-c', `${setUp} && exec "$0" "$@"`, process.execPath, join(ROOT, 'test/namespace', program), ...args],
    { timeout: 50_000, maxBuffer: 16 * 1024 * 1024 },
  )
  return JSON.parse(stdout) as T
}
