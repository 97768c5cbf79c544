/**
 * `npm run dev`: the server, started again when its files change, and Vite with the page as it is being edited. Options go
 * to the server. Ctrl-C ends both, and so does the end of either.
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

// A terminal sends Ctrl-C to the children too; a second SIGINT would cut the server's ordered close short.
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
