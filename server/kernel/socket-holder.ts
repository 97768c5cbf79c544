import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

export interface Holder {
  pid: number
  command: string
}

/** A search may read this many descriptors. It then takes a fraction of a second. */
const DESCRIPTORS_MAX = 50_000

/**
 * The process that holds one of these sockets (proc(5)). Reads all visible processes, the newest first.
 * @returns null if none is visible: another user's processes are not
 */
export function socketHolder(inodes: ReadonlySet<number>): Holder | null {
  let left = DESCRIPTORS_MAX
  for (const pid of processes()) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (left-- === 0) return null
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
        if (inode !== undefined && inodes.has(Number(inode))) return { pid, command: commandOf(pid) }
      }
    } catch {
      // It has ended, closed the descriptor just now, or belongs to another user.
    }
  }
  return null
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

/** From the command line, because Node sets `comm` to `MainThread`. */
function commandOf(pid: number): string {
  return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '')
}
