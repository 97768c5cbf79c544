import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { procPortSuffix } from './constants.ts'
import { commandLine, socketHolders } from './socket-holder.ts'

/** A process that listens on a port. */
export interface PortHolder {
  /** Such as `node (pid 4242)`. */
  name: string
  pid: number
  /** By SIGSTOP or Ctrl-Z: it can't react to SIGTERM. */
  stopped: boolean
}

/** LISTENER_ENTRY of any installation. */
const LISTENER_PROGRAM = /server\/listener\/main\.[jt]s$/

/**
 * The process that listens on a TCP port of this machine (proc(5)).
 * @returns null if it is not visible
 */
export function portHolder(port: number): PortHolder | null {
  // Several sockets may listen on one port; one holder is enough.
  const [pid] = socketHolders(listeningInodes(port)).values()
  try {
    return pid === undefined ? null : describe(pid)
  } catch {
    // It has just ended.
    return null
  }
}

function describe(pid: number): PortHolder {
  const command = commandLine(pid)
  const ours = command.some((part) => LISTENER_PROGRAM.test(part))
  const name = ours ? 'a listener process of oneport' : basename(command[0] ?? '')
  // The state follows the name in parentheses, which may itself have parentheses.
  const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
  return { name: `${name} (pid ${pid})`, pid, stopped: state === 'T' }
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
