import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { parseCommandLine } from './config/command-line.ts'
import { readConfig } from './config/config.ts'

// The image's health check. The argument is a file with the command line of the server, such as /proc/1/cmdline; the
// environment is the server's own. So this asks at the address that the options set. Exit code 0: healthy, 1: not.

const [file = ''] = process.argv.slice(2)
const words = readFileSync(file, 'utf8').split('\0').slice(0, -1)
// With `docker run --init`, another program is before Node.
const options = words.slice(words.findIndex((word) => /\bcli\.[jt]s$/.test(word)) + 1)
const commandLine = parseCommandLine(options)
const { uiHost, uiPort } = readConfig(commandLine.command === 'serve' ? commandLine.flags : new Map(), process.env)
const LOOPBACK = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

get({ host: LOOPBACK.get(uiHost) ?? uiHost, port: uiPort, path: '/healthz' }, ({ statusCode }) => {
  process.stdout.write(`${statusCode}\n`)
  process.exit(statusCode === 200 ? 0 : 1)
}).on('error', ({ message }) => {
  process.stdout.write(`${message}\n`)
  process.exit(1)
})
