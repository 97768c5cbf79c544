import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenedClass, StudentKey } from '../../shared/class.ts'
import type { ClientRecord } from '../../shared/client.ts'
import { cpuMs } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'

const STUDENTS = 30
/** Every student's page tells that it is there every 10 s; here a student also sends once a second. */
const TURN_MS = 1_000
const TURNS = 10
/** Share of a core, as for thirty dashboards. */
const CPU_SHARE = 0.1

export const classRoom: Row = {
  name: 'class',
  what: `a class of ${STUDENTS} students, each with a page's feed and a connection, on which each sends once a second: CPU of the control process`,
  budget: `<= ${CPU_SHARE * 100} % of a core`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const server = stack.use(await startOneport(['--no-greeting']))
  const opened = await ask<OpenedClass>(server.url, null, 'POST', 'class', { address: '127.0.0.1' })
  const url = `http://127.0.0.1:${opened.port}`
  const joining = performance.now()
  const students = await Promise.all(
    Array.from({ length: STUDENTS }, async (_, i) => {
      const { key } = await ask<StudentKey>(url, opened.secret, 'POST', 'class/students', { name: `Student ${i}` })
      const { id } = await ask<ClientRecord>(url, key, 'POST', 'class/me/connections')
      stack.use(await openReader(`${url}/?token=${key}`))
      return { key, id }
    }),
  )
  const joined = performance.now() - joining
  await sleep(TURN_MS)
  const before = cpuMs(server.pids.control)
  const started = performance.now()
  for (let turn = 0; turn < TURNS; turn++) {
    const due = started + (turn + 1) * TURN_MS
    await Promise.all(
      students.map(async ({ key, id }, i) => {
        await ask(url, key, 'POST', `class/me/connections/${id}/send`, { text: 'hello\n' })
        if (i % TURNS === turn) await ask(url, key, 'POST', 'class/me', { step: turn })
      }),
    )
    await sleep(Math.max(0, due - performance.now()))
  }
  const share = (cpuMs(server.pids.control) - before) / (performance.now() - started)
  return {
    measured: `${rounded(share * 100, 1)} % of a core`,
    pass: share <= CPU_SHARE,
    details: [`all ${STUDENTS} joined, connected and had their feed within ${rounded(joined, 0)} ms`],
  }
}

async function ask<T>(url: string, token: string | null, method: string, path: string, body?: object): Promise<T> {
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const answer = await fetch(`${url}/api/${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
