import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpuMs } from '../processes.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { startOneport } from '../servers.ts'
import { median } from '../stats.ts'

const BUDGET_MS = 1_000
const ROUNDS = 9

export const start: Row = {
  name: 'start',
  what: 'start of the built program: from spawn to the line `ready`',
  budget: `<= ${BUDGET_MS} ms`,
  measure,
}

async function measure(): Promise<Measurement> {
  const took: number[] = []
  const cpu: number[] = []
  const bare: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await startNode())
    const server = await startOneport()
    took.push(server.readyMs)
    cpu.push(Object.values(server.pids).reduce((sum, pid) => sum + cpuMs(pid), 0))
    await server.stop()
  }
  return {
    measured: `${rounded(median(took), 0)} ms`,
    pass: median(took) <= BUDGET_MS,
    details: [
      `median of ${ROUNDS} starts, the fastest ${rounded(Math.min(...took), 0)} ms; CPU time of both processes ${rounded(median(cpu), 0)} ms; a Node that does nothing starts and exits in ${rounded(median(bare), 0)} ms`,
    ],
  }
}

/** Milliseconds from start to exit of a Node that does nothing. */
async function startNode(): Promise<number> {
  const before = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - before
}
