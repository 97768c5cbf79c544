import { startApp } from './app.ts'
import { type Config, ConfigError, helpText, isLocal, readConfig } from './config.ts'
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
  if (config.token === null && !isLocal(config.uiHost)) {
    log.warn({ uiHost: config.uiHost }, 'no token is set: whoever reaches the dashboard may use it')
  }
  if (process.stdout.isTTY) {
    // The terminal is its owner's; the log, which may go anywhere, has the address without the token.
    const token = config.token === null ? '' : `/#token=${encodeURIComponent(config.token)}`
    process.stdout.write(`\n  Dashboard  ${app.url}${token}\n  Try it     nc localhost ${app.port}\n\n`)
  }
} catch (error) {
  const { line, exitCode } = startFailure(error)
  process.stderr.write(`oneport: ${line}\n`)
  process.exit(exitCode)
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

/** One line that says what to do; 2 for a value that can never do, 1 for what may be another time. */
function startFailure(error: unknown): { line: string; exitCode: 1 | 2 } {
  const { code, option, message } = error as { code?: string; option?: string; message: string }
  const port = option === '--ui-port' ? config.uiPort : config.port
  const host = option === '--ui-port' ? config.uiHost : config.host
  const hostOption = option === '--ui-port' ? '--ui-host' : '--host'
  switch (code) {
    case 'EADDRINUSE': {
      const holder = portHolder(port)
      const by = holder === null ? '' : ` by ${holder}`
      return { line: `port ${port} is in use${by}; end that, or choose another with ${option}`, exitCode: 1 }
    }
    case 'EACCES':
      return {
        line: `port ${port} needs privileges that this user does not have; choose one above 1023 with ${option}`,
        exitCode: 1,
      }
    case 'EADDRNOTAVAIL':
      return { line: `${hostOption} ${host} is not an address of this machine`, exitCode: 2 }
    default:
      return { line: option === undefined ? message : `${option}: ${message}`, exitCode: 1 }
  }
}
