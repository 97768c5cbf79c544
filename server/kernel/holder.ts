import { readFileSync } from 'node:fs'
import { procPortSuffix } from './constants.ts'
import { socketHolder } from './socket-holder.ts'

/**
 * The process that listens on a TCP port of this machine, such as `node (pid 4242)` (proc(5)).
 * @returns null if it is not visible
 */
export function portHolder(port: number): string | null {
  const inodes = listeningInodes(port)
  const holder = inodes.size === 0 ? null : socketHolder(inodes)
  return holder && `${holder.command} (pid ${holder.pid})`
}

function listeningInodes(port: number): Set<number> {
  const LISTEN = '0A'
  const wanted = procPortSuffix(port)
  const inodes = new Set<number>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === LISTEN && local?.endsWith(wanted) && inode !== undefined) inodes.add(Number(inode))
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
