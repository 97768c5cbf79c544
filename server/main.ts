import { setFlagsFromString } from 'node:v8'
import { parseCommandLine } from './config/command-line.ts'
import { isLocal, readConfig } from './config/config.ts'
import { ConfigError } from './config/values.ts'
import { portHolder } from './kernel/holder.ts'
import { buildLog } from './log.ts'
import { keepAddress } from './token-file.ts'

// Everything about the process itself: arguments, environment, signals, exit codes.

/** Time in milliseconds between the FIN to every client and the RST. */
const GRACE_MS = 5_000
/** A terminal sends Ctrl-C to npm too, which passes it on: two signals from one key, within milliseconds. */
const TWICE_MS = 500

// Records are kept for a while and then forgotten, so most of the old generation is soon garbage. By default V8 lets it grow to
// four times what is in use.
setFlagsFromString('--heap-growing-percent=100')
// A terminal or a reader of the errors may go away.
process.stderr.on('error', () => {})
const commandLine = orExit(() => parseCommandLine(process.argv.slice(2)))
if (commandLine.command === 'print') {
  process.stdout.write(commandLine.text)
  process.exit(0)
}
const config = orExit(() => readConfig(commandLine.flags, process.env))
const { log, lost } = await buildLog(config.logLevel, process.stdout)

try {
  // Imported only now, so that --help and wrong options are answered quickly.
  const { startApp } = await import('./app.ts')
  const app = await startApp(config, log, lost)
  let stoppingSince: number | null = null
  const stop = (signal: string): void => {
    const now = performance.now()
    if (stoppingSince !== null && now - stoppingSince > TWICE_MS) process.exit(1)
    if (stoppingSince !== null) return
    stoppingSince = now
    log.info({ signal }, 'shutting down: FIN to every client, RST after 5 s; repeat the signal to exit at once')
    void app.stop(GRACE_MS).then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  log.info({ port: app.port, uiPort: app.uiPort, url: app.url }, 'ready')
  if (config.token === null && !isLocal(config.uiHost)) {
    log.warn({ uiHost: config.uiHost }, 'no token is set: anyone who can reach the dashboard can use it')
  }
  // Only the user sees a terminal. Logs may be sent anywhere, so their address has no token.
  const address = config.token === null ? app.url : `${app.url}/#token=${encodeURIComponent(config.token)}`
  if (process.stdout.isTTY) {
    process.stdout.write(`\n  Dashboard  ${address}\n  Try it     ${app.tryIt}\n\n`)
  } else if (config.tokenIsMade) {
    log.info({ file: keepAddress(address) }, 'this file has the address of the dashboard with its token')
  }
} catch (error) {
  const { line, exitCode } = startFailure(error)
  process.stderr.write(`oneport: ${line}\n`)
  process.exit(exitCode)
}

function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`oneport: ${error.message}\n`)
    process.exit(2)
  }
}

/** Describes a failed start in one line. Exit code 2: an option's value is wrong. 1: the same start may succeed later. */
function startFailure(error: unknown): { line: string; exitCode: 1 | 2 } {
  const { code, option, message } = error as { code?: string; option?: string; message: string }
  const port = option === '--ui-port' ? config.uiPort : config.port
  const host = option === '--ui-port' ? config.uiHost : config.host
  const hostOption = option === '--ui-port' ? '--ui-host' : '--host'
  // Node and the kernel say EINVAL for a link-local address on an interface that does not exist.
  const noSuchZone = code === 'EINVAL' && host?.includes('%') === true
  switch (noSuchZone ? 'EADDRNOTAVAIL' : code) {
    case 'EADDRINUSE': {
      return { line: `port ${port} is in use${heldBy(port)}, or choose another port with ${option}`, exitCode: 1 }
    }
    case 'EACCES':
      return {
        line: `port ${port} needs privileges that this user does not have; choose a port above 1023 with ${option}`,
        exitCode: 1,
      }
    case 'EADDRNOTAVAIL':
      return { line: `${hostOption} ${host} is not an address of this machine`, exitCode: 2 }
    default:
      return { line: option === undefined ? message : `${option}: ${message}`, exitCode: 1 }
  }
}

/** Who holds the port, and how to end it. */
function heldBy(port: number): string {
  const holder = portHolder(port)
  if (holder === null) return '; stop that program'
  const { name, pid, stopped } = holder
  // Without koffi, a listener process that was stopped outlives its control process.
  return stopped
    ? ` by ${name}, which has been stopped; end it with \`kill -9 ${pid}\``
    : ` by ${name}; stop that program`
}
