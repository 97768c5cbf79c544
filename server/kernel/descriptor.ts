import { readlinkSync } from 'node:fs'

/** The inode of the socket behind a process's descriptor (proc(5)); null if there is none, or no permission to read it. */
export function socketInode(pid: number, fd: number): number | null {
  try {
    return Number(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? NaN) || null
  } catch {
    return null
  }
}
