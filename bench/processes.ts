import { readFileSync } from 'node:fs'

/** What the kernel says of a process (proc_pid_stat(5), proc_pid_status(5)); Linux. */

/** CLK_TCK: the kernel tells CPU time in hundredths of a second, whatever its own tick. */
const TICK_MS = 10

/** CPU time of all its threads so far, in milliseconds. Work that the kernel does in softirqs for its packets is in nobody's. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory, in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) * 1024
}
