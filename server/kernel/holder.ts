import { procPortSuffix } from './constants.ts'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** A process that listens on a port. */
export interface Holder {
  /** Such as `node (pid 4242)`. */
  name: string
  pid: number
  /** By SIGSTOP or Ctrl-Z: it can't react to SIGTERM. */
  stopped: boolean
}

/**
 * The process that listens on a TCP port of this machine (proc(5)).
 * @returns null if it is not visible
 */
export function portHolder(port: number): Holder | null {
  try {
    const inodes = listeningInodes(port)
    if (inodes.size === 0) return null
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holdsOneOf(pid, inodes)) return describe(pid)
    }
  } catch {
    // There is no /proc, or the process belongs to another user.
  }
  return null
}

function describe(pid: string): Holder {
  // Use the command line, because Node sets `comm` to `MainThread`.
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const ours = command.some((part) => LISTENER_PROGRAM.test(part))
  const name = ours ? 'a listener process of oneport' : basename(command[0] ?? '')
  // The state follows the name in parentheses, which may itself have parentheses.
  const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
  return { name: `${name} (pid ${pid})`, pid: Number(pid), stopped: state === 'T' }
}

/** LISTENER_ENTRY of any installation. */
const LISTENER_PROGRAM = /server\/listener\/main\.[jt]s$/

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
