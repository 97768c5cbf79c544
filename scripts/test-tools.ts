/**
 * Runs before `npm test`: sees to it that the programs the tests drive are there. What cannot be had is named here and
 * again in the title of each suite that is skipped for it.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findBrowser, findProgram, type Tool } from '../test/tools.ts'

interface Need {
  what: string
  debianPackage: string
  find: () => Tool
}

const NEEDS: Need[] = [
  { what: 'a browser', debianPackage: 'chromium', find: findBrowser },
  { what: 'nc', debianPackage: 'netcat-openbsd', find: () => findProgram('nc') },
  { what: 'telnet', debianPackage: 'telnet', find: () => findProgram('telnet') },
  { what: 'ss', debianPackage: 'iproute2', find: () => findProgram('ss') },
]

const missing = (): Need[] => NEEDS.filter(({ find }) => find().path === null)

if (missing().length > 0) installFromDebian(missing())
if (findBrowser().path === null) downloadBrowser()
for (const { what, find } of missing()) console.warn(`Tests that need ${what} will be skipped: ${find().reason}`)

/** Only as root: a test run asks nobody for a password. */
function installFromDebian(needs: Need[]): void {
  if (process.getuid?.() !== 0 || findProgram('apt-get').path === null) return
  const packages = needs.map(({ debianPackage }) => debianPackage)
  console.log(`Installing for the tests: ${packages.join(' ')}`)
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
}

function downloadBrowser(): void {
  console.log("Downloading Playwright's Chromium for the tests")
  run(join(import.meta.dirname, '../node_modules/.bin/playwright-core'), ['install', 'chromium'])
}

/** Prints what the program complained of, no more: the run goes on, and says at its end what is missing. */
function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status === 0) return
  const complaint = error?.message ?? stderr.trim().split('\n').slice(0, 5).join('\n')
  console.warn(`${command} ${args[0]} failed: ${complaint}`)
}
