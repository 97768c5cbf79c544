import { readFileSync } from 'node:fs'

/** A process's figures from the Linux kernel (proc_pid_stat(5), proc_pid_status(5)). */

/** The kernel reports CPU time in units of CLK_TCK, which is 1/100 s, regardless of its tick rate. */
const TICK_MS = 10

/**
 * CPU time of all threads so far, in milliseconds. Excludes the kernel's softirq work on packets, which is charged to
 * no process.
 */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) * 1024
}
