import { readFileSync } from 'node:fs'
import type { DropCounters } from '../../shared/kernel.ts'

/** Reads the drop counters from /proc/net/netstat. @returns null if the file does not have them */
export function readDropCounters(): DropCounters | null {
  try {
    const lines = readFileSync('/proc/net/netstat', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('TcpExt:'))
    const [names, values] = lines.map((line) => line.split(' '))
    const value = (name: string): number => Number(values?.[names?.indexOf(name) ?? -1] ?? NaN)
    const counters = { listenOverflows: value('ListenOverflows'), listenDrops: value('ListenDrops') }
    return Number.isNaN(counters.listenDrops) ? null : counters
  } catch {
    return null
  }
}
