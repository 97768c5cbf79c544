import { startApp } from './app.ts'
import { type Config, ConfigError, helpText, readConfig } from './config.ts'
import { portHolder } from './kernel/holder.ts'
import { buildLog } from './log.ts'

// The process's edge: arguments, environment, signals, exit codes.

/** Milliseconds clients have to answer our FIN before they get RST. */
const GRACE_MS = 5_000

if (process.argv.includes('--help')) {
  process.stdout.write(helpText())
  process.exit(0)
}

const config = readOrExit()
const log = buildLog(config.logLevel, process.stdout.isTTY)

try {
  const app = await startApp(config, log)
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'closing: no new clients, FIN to all, RST after 5 s; once more to end at once')
    void app.stop(GRACE_MS).then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  log.info({ port: app.port, uiPort: app.uiPort, url: app.url }, 'ready')
  if (process.stdout.isTTY) process.stdout.write(`\n  Dashboard  ${app.url}\n  Try it     nc localhost ${app.port}\n\n`)
} catch (error) {
  process.stderr.write(`oneport: ${startFailure(error)}\n`)
  process.exit(1)
}

function readOrExit(): Config {
  try {
    return readConfig(process.argv.slice(2), process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`oneport: ${error.message}\n`)
    process.exit(2)
  }
}

/** One line that says what to do. */
function startFailure(error: unknown): string {
  const { code, option, message } = error as { code?: string; option?: string; message: string }
  const port = option === '--ui-port' ? config.uiPort : config.port
  const host = option === '--ui-port' ? config.uiHost : config.host
  const hostOption = option === '--ui-port' ? '--ui-host' : '--host'
  switch (code) {
    case 'EADDRINUSE': {
      const holder = portHolder(port)
      return `port ${port} is in use${holder === null ? '' : ` by ${holder}`}; end that, or choose another with ${option}`
    }
    case 'EACCES':
      return `port ${port} needs privileges that this user does not have; choose one above 1023 with ${option}`
    case 'EADDRNOTAVAIL':
      return `${hostOption} ${host} is not an address of this machine`
    default:
      return option === undefined ? message : `${option}: ${message}`
  }
}
