import { procPortSuffix } from './constants.ts'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** The process that listens on a TCP port of this machine, such as `node (pid 4242)`; null if that is not visible (proc(5)). */
export function portHolder(port: number): string | null {
  try {
    const inodes = listeningInodes(port)
    if (inodes.size === 0) return null
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holdsOneOf(pid, inodes)) {
        // The command line and not `comm`: Node names its main thread `MainThread`.
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
        return `${basename(command)} (pid ${pid})`
      }
    }
  } catch {
    // No /proc, or a process of another user: the holder stays unnamed.
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
