import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KernelState } from '../../shared/stream.ts'
import { ClientProcess } from '../client-process.ts'
import { cpuMs } from '../processes.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median } from '../stats.ts'

const BUDGET_MS = 60
const COUNT = 19_000
const SAMPLES = 10
const SETTLE_MS = 2_000

export const kernelSample: Row = {
  name: 'kernel-sample',
  what: 'kernel sample at 19,000 connections, off the main thread',
  budget: `<= ${BUDGET_MS} ms`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const { port, url, pids } = stack.use(await startOneport())
  const client = stack.use(new ClientProcess())
  await client.run('hold', { port, count: COUNT })
  await sleep(SETTLE_MS)
  const [cpu, started] = [cpuMs(pids.control), performance.now()]
  const looks = await follow(url)
  const share = (cpuMs(pids.control) - cpu) / (performance.now() - started)
  const took = looks.map(({ tookMs }) => tookMs ?? NaN)
  const { both = 0, onlyServer = 0, onlyKernel = 0 } = looks.at(-1)?.agreement ?? {}
  return {
    measured: `p50 ${rounded(median(took), 0)} ms, longest ${rounded(Math.max(...took), 0)} ms`,
    pass: median(took) <= BUDGET_MS,
    details: [
      `${thousands(both)} sockets joined, ${onlyServer} only in the server, ${onlyKernel} only in the kernel; the control process, its sampling thread included, uses ${rounded(share * 100, 0)} % of a core with a sample a second and one reader`,
      `${thousands(timeWait())} sockets in TIME_WAIT on the machine at the end`,
    ],
  }
}

/** The next kernel samples, as a reader of `/ws` gets them. */
async function follow(url: string): Promise<KernelState[]> {
  const looks: KernelState[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'oneport.v1')
  try {
    return await new Promise((resolve, reject) => {
      socket.onerror = () => reject(new Error('no answer from /ws'))
      socket.onmessage = ({ data }) => {
        const text = String(data)
        if (text.startsWith('{"type":"kernel"')) looks.push((JSON.parse(text) as { kernel: KernelState }).kernel)
        if (looks.length === SAMPLES) resolve(looks)
      }
    })
  } finally {
    socket.close()
  }
}

/** Sockets in TIME_WAIT on the whole machine (/proc/net/sockstat, proc(5)). */
function timeWait(): number {
  return Number(/^TCP:.* tw (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'latin1'))?.[1])
}
