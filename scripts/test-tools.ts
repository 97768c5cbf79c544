/**
 * `npm run test:setup`: installs the programs that the tests use. Suites whose program is missing are skipped; the
 * titles of those suites and this script give the reason.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findHeadlessShell, findProgram, findTestBrowser, type Tool } from '../test/tools.ts'

interface Need {
  name: string
  debianPackage: string
  find: () => Tool
  /** Installed even if `find` finds another. */
  preferred?: () => Tool
}

const NEEDS: Need[] = [
  {
    name: 'Chromium',
    debianPackage: 'chromium-headless-shell',
    find: findTestBrowser,
    preferred: findHeadlessShell,
  },
  { name: 'nc', debianPackage: 'netcat-openbsd', find: () => findProgram('nc') },
  { name: 'telnet', debianPackage: 'telnet', find: () => findProgram('telnet') },
  { name: 'nginx', debianPackage: 'nginx-light', find: () => findProgram('nginx') },
  { name: 'haproxy', debianPackage: 'haproxy', find: () => findProgram('haproxy') },
  { name: 'openssl', debianPackage: 'openssl', find: () => findProgram('openssl') },
  { name: 'ss', debianPackage: 'iproute2', find: () => findProgram('ss') },
  { name: 'tshark', debianPackage: 'tshark', find: () => findProgram('tshark') },
]

/** In CI the machine is thrown away: writes that survive a crash and manual pages take more than half of the time. */
const DPKG_OPTIONS = process.env['CI'] ? ['--force-unsafe-io', '--path-exclude=/usr/share/man/*'] : []

const missing = (): Need[] => NEEDS.filter(({ find, preferred = find }) => preferred().path === null)

console.log('Programs that the tests drive:')
if (missing().length > 0) installFromDebian(missing())
if (findTestBrowser().path === null) downloadBrowser()
for (const { name, find } of NEEDS) {
  const { path, reason } = find()
  console.log(`  ${name.padEnd(10)}${path ?? `missing, its tests will be skipped: ${reason}`}`)
}

/** Installs only as root, because a test run must not ask for a password. */
function installFromDebian(needs: Need[]): void {
  if (process.getuid?.() !== 0 || findProgram('apt-get').path === null) return
  const packages = needs.map(({ debianPackage }) => debianPackage)
  console.log(`  Installing with apt-get: ${packages.join(' ')}`)
  run('apt-get', ['update', '-qq'])
  const options = DPKG_OPTIONS.flatMap((option) => ['-o', `DPkg::Options::=${option}`])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...options, ...packages])
}

function downloadBrowser(): void {
  console.log("  Downloading Playwright's Chromium")
  run(join(import.meta.dirname, '../node_modules/.bin/playwright-core'), ['install', 'chromium'])
}

/** Runs a command. A failure is printed but does not end the setup, because the list at the end shows what is missing. */
function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status === 0) return
  const complaint = error?.message ?? stderr.trim().split('\n').slice(0, 5).join('\n')
  console.warn(`  ${command} ${args[0]} failed: ${complaint}`)
}
