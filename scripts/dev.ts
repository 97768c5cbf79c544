/**
 * `npm run dev`: runs the server, restarted when its files change, and Vite with the page's sources. Options are
 * passed to the server. When one of the two ends, or on Ctrl-C, both end.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { plainRoot } from './plain-root.ts'

const { root, env } = plainRoot()
const children = [
  start(process.execPath, ['--watch-path=server', '--watch-path=shared', 'server/cli.ts', ...process.argv.slice(2)]),
  start(process.execPath, [
    join(root, 'node_modules/vite/bin/vite.js'),
    join(root, 'web'),
    '--config',
    join(root, 'vite.config.ts'),
  ]),
]

// The terminal sends Ctrl-C to the children too. A second SIGINT would make the server exit at once.
process.on('SIGINT', () => {})
process.on('SIGTERM', endAll)

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env })
  child.on('exit', endAll)
  return child
}

function endAll(): void {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill()
}
