import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A search may read this many descriptors. It then takes a fraction of a second. */
const DESCRIPTORS_MAX = 50_000

/**
 * The processes that hold these sockets (proc(5)). Reads the visible processes, the newest first, until all are found.
 * @returns pids by inode. One that is not visible is missing: another user's processes are not
 */
export function socketHolders(inodes: ReadonlySet<number>): Map<number, number> {
  const holders = new Map<number, number>()
  let left = DESCRIPTORS_MAX
  for (const pid of processes()) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (holders.size === inodes.size || left-- === 0) return holders
        const inode = Number(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? NaN)
        if (inodes.has(inode) && !holders.has(inode)) holders.set(inode, pid)
      }
    } catch {
      // It has ended, closed the descriptor just now, or belongs to another user.
    }
  }
  return holders
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
