import { procPortSuffix } from './constants.ts'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The process that listens on a TCP port of this machine, such as `node (pid 4242)` (proc(5)).
 * @returns null if it is not visible
 */
export function portHolder(port: number): string | null {
  try {
    const inodes = listeningInodes(port)
    if (inodes.size === 0) return null
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holdsOneOf(pid, inodes)) {
        // Use the command line, because Node sets `comm` to `MainThread`.
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
        return `${basename(command)} (pid ${pid})`
      }
    }
  } catch {
    // There is no /proc, or the process belongs to another user.
  }
  return null
}

function listeningInodes(port: number): Set<string> {
  const LISTEN = '0A'
  const wanted = procPortSuffix(port)
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === LISTEN && local?.endsWith(wanted) && inode !== undefined) inodes.add(inode)
    }
  }
  return inodes
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function holdsOneOf(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
      return inode !== undefined && inodes.has(inode)
    })
  } catch {
    return false
  }
}
