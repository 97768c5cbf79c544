import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A search may read this many descriptors. It then takes a fraction of a second. */
const DESCRIPTORS_MAX = 50_000

/**
 * The process that holds one of these sockets (proc(5)). Reads all visible processes, the newest first.
 * @returns its pid; null if none is visible: another user's processes are not
 */
export function socketHolder(inodes: ReadonlySet<number>): number | null {
  let left = DESCRIPTORS_MAX
  for (const pid of processes()) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (left-- === 0) return null
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
        if (inode !== undefined && inodes.has(Number(inode))) return pid
      }
    } catch {
      // It has ended, closed the descriptor just now, or belongs to another user.
    }
  }
  return null
}

/** The program and its arguments: Node sets the process's name, `comm`, to `MainThread`. @throws when it has ended */
export function commandLine(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => b - a)
  } catch {
    return []
  }
}
