import { cpuMs } from './processes.ts'
import type { Server } from './servers.ts'
import { median } from './stats.ts'

/** Results of one server in repeated rounds. */
export interface Series {
  rates: number[]
  /** CPU time per unit of work in microseconds, for each process, over all rounds. */
  cpu: Record<string, number>
}

/**
 * Loads the servers in turn, so that other activity on the machine affects all of them alike.
 * @param load loads a server once; returns the rate and the units of work done
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
    // Reverse the order in every other round, because the first server runs with caches that another one has filled.
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

/** The median of the ratios of each round. */
export function ratio(of: Series, to: Series): number {
  return median(of.rates.map((rate, i) => rate / (to.rates[i] ?? NaN)))
}
