import { cpuMs } from './processes.ts'
import type { Server } from './servers.ts'
import { median } from './stats.ts'

/** One server under the same load, again and again. */
export interface Series {
  rates: number[]
  /** Microseconds of CPU for a unit of work over all rounds, for each of its processes. */
  cpu: Record<string, number>
}

/**
 * Loads the servers by turns, so that what else the machine does falls on all of them alike.
 * @param load loads a server once; its rate, and the units of work it did
 */
export async function rounds<Name extends string>(
  servers: Record<Name, Server>,
  count: number,
  load: (server: Server) => Promise<{ rate: number; units: number }>,
): Promise<Record<Name, Series>> {
  const names = Object.keys(servers) as Name[]
  const series = Object.fromEntries(names.map((name) => [name, { rates: [], cpu: {} }])) as unknown as Record<
    Name,
    Series
  >
  const work = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  for (let round = 0; round < count; round++) {
    // The other way round each time: who comes first has the caches of another.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { pids } = servers[name]
      const before = Object.entries(pids).map(([what, pid]) => [what, pid, cpuMs(pid)] as const)
      const { rate, units } = await load(servers[name])
      series[name].rates.push(rate)
      work[name] += units
      for (const [what, pid, ms] of before) {
        series[name].cpu[what] = (series[name].cpu[what] ?? 0) + (cpuMs(pid) - ms) * 1000
      }
    }
  }
  for (const name of names) {
    const { cpu } = series[name]
    for (const what of Object.keys(cpu)) cpu[what] = (cpu[what] ?? 0) / work[name]
  }
  return series
}

/** The median of the rounds' own ratios. */
export function ratio(of: Series, to: Series): number {
  return median(of.rates.map((rate, i) => rate / (to.rates[i] ?? NaN)))
}
