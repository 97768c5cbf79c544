/**
 * `npm run dev`: the server, started again when its files change, and Vite with the page as it is being edited. Options go
 * to the server. Ctrl-C ends both, and so does the end of either.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const children = [
  start(process.execPath, ['--watch-path=server', '--watch-path=shared', 'server/cli.ts', ...process.argv.slice(2)]),
  start(join(root, 'node_modules/.bin/vite'), []),
]

// A terminal sends Ctrl-C to the children too; a second SIGINT would cut the server's ordered close short.
process.on('SIGINT', () => {})
process.on('SIGTERM', endAll)

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  child.on('exit', endAll)
  return child
}

function endAll(): void {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill()
}
