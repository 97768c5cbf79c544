/** `npm test`: runs Vitest once, with the given arguments. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { plainRoot } from './plain-root.ts'

const { root, env } = plainRoot()
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const args = [vitest, 'run', '--root', root, ...process.argv.slice(2)]
const child = spawn(process.execPath, args, { stdio: 'inherit', env })
child.on('exit', (code) => (process.exitCode = code ?? 1))
// The terminal sends Ctrl-C to the child too, which then ends by itself.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill())
