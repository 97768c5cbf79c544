import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startProcess } from '../support/server-process.ts'

const PROGRAM = join(import.meta.dirname, '../../server/health.ts')

/** The exit code of the health check for the server with this process id and environment. */
async function health(pid: number | undefined, env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, `/proc/${pid}/cmdline`], { env: { ...process.env, ...env } })
  const [code] = (await once(child, 'exit')) as [number]
  return code
}

// It reads the server's command line in /proc.
describe.skipIf(process.platform !== 'linux')('the health check', () => {
  test.for(['127.0.0.2', '::'])('finds the dashboard at ONEPORT_UI_HOST=%s', async (host) => {
    const env = {
      ONEPORT_UI_HOST: host,
      ONEPORT_UI_PORT: String(await freePort()),
      ONEPORT_PORT: '0',
      ONEPORT_TOKEN: 'none',
    }
    const server = startProcess({ env })
    await server.ready()
    expect(await health(server.child.pid, env)).toBe(0)
    expect(await health(server.child.pid, { ...env, ONEPORT_UI_PORT: '1' })).toBe(1)
  })

  test('finds the dashboard at the address and port of the flags', async () => {
    const server = startProcess({ args: ['--port=0', '--ui-host', '127.0.0.2', `--ui-port=${await freePort()}`] })
    await server.ready()
    expect(await health(server.child.pid, { ONEPORT_UI_PORT: '1' })).toBe(0)
  })
})

test('the image has this health check, for its first process', () => {
  const dockerfile = readFileSync(join(import.meta.dirname, '../../Dockerfile'), 'utf8')
  const [, command = ''] = /^HEALTHCHECK .*\\\n\s*CMD (.*)$/m.exec(dockerfile) ?? []
  expect(JSON.parse(command)).toEqual(['node', 'dist/server/health.js', '/proc/1/cmdline'])
})
