/**
 * Four sick clients among 5,000, found in the browser by problem. All of them, the server and the browser are in a network
 * namespace whose loopback has 192.168.0.1, .100 and .101. Prints how long after its cause the page showed each problem, and
 * what its row says. Then `n` goes from one to the next in the panel.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import type { Connection } from '../../shared/connection.ts'
import { en } from '../../web/text/en/catalogue.ts'
import { findTestBrowser } from '../tools.ts'

export interface Found {
  /** Milliseconds from the cause until the page showed it. */
  ms: number
  /** The sick client's endpoint. */
  client: string
  /** The text of the row. */
  row: string
}

const CROWD = 5_000
/** Fewer than the accept queue holds. */
const BATCH = 250
const SERVER = '192.168.0.1'
const [VANISHED, LOSSY] = ['192.168.0.100', '192.168.0.101']
/** More than the receive buffer of a client that does not read. */
const PLENTY = 'x'.repeat(1_000_000)

const [program = ''] = process.argv.slice(2)
// Silent: only what is sent by hand leaves, and no FIN of a client is answered.
const options = ['--port=8080', '--ui-port=3000', '--behavior=silent', '--no-greeting', '--keepalive=1']
const server = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
for await (const line of createInterface({ input: server.stdout })) if (line.includes('"ready"')) break

async function open(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: SERVER, port: 8080, localAddress, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

async function openMany(count: number): Promise<void> {
  for (let n = 0; n < count; n += BATCH) await Promise.all(Array.from({ length: BATCH }, () => open()))
}

function endpointOf({ localAddress, localPort }: Socket): string {
  return `${localAddress}:${localPort}`
}

/** @returns a function by which the server sends to this client */
async function senderTo({ localAddress, localPort }: Socket): Promise<(text: string) => Promise<unknown>> {
  const filter = encodeURIComponent(`ip:${localAddress} port:${localPort}`)
  const answer = await fetch(`http://127.0.0.1:3000/api/connections?filter=${filter}`)
  const { items } = (await answer.json()) as { items: Connection[] }
  const url = `http://127.0.0.1:3000/api/connections/${items[0]?.id}/send`
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
  return (text) => fetch(url, { ...init, body: JSON.stringify({ text }) })
}

/** Takes the client's address away. What is sent there still leaves through the loopback, and is lost. */
function lose(address: string): void {
  execFileSync('ip', ['addr', 'del', `${address}/32`, 'dev', 'lo'])
  execFileSync('ip', ['route', 'add', `${address}/32`, 'dev', 'lo'])
}

const browser = await chromium.launch({
  executablePath: findTestBrowser().path ?? '',
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
await page.goto('http://localhost:3000')
await openMany(CROWD / 2)
const [stuck, half, lossy, vanished] = [await open(), await open(), await open(LOSSY), await open(VANISHED)]
await openMany(CROWD / 2)
await page.locator('[data-live-count]', { hasText: String(CROWD + 4) }).waitFor()
await page.locator('[data-choice=attention]').click()

async function find(problem: string, client: Socket, cause: () => unknown): Promise<[string, Found]> {
  const endpoint = endpointOf(client)
  const caused = performance.now()
  await cause()
  const row = page.locator('[data-connection-id]', { has: page.locator(`[data-problem=${problem}]`) })
  await row.waitFor({ timeout: 20_000 })
  return [problem, { ms: performance.now() - caused, client: endpoint, row: await row.innerText() }]
}

const [sendToStuck, sendToLossy] = [await senderTo(stuck), await senderTo(lossy)]
const found = await Promise.all([
  find('peer-not-reading', stuck, () => sendToStuck(PLENTY)),
  find('retransmitting', lossy, () => {
    lose(LOSSY)
    return sendToLossy('hello\n')
  }),
  find('not-closed', half, () => half.end()),
  find('vanished', vanished, () => lose(VANISHED)),
])
await page.keyboard.press('n')
await page.locator('[data-connection-id]:focus').waitFor()
await page.keyboard.press('Enter')
for (const code of ['peer-not-reading', 'retransmitting', 'vanished', 'not-closed', 'peer-not-reading'] as const) {
  await page.getByRole('complementary').getByText(en.connection.diagnosis[code]).waitFor()
  await page.keyboard.press('n')
}
await browser.close()
server.kill('SIGKILL')
process.stdout.write(JSON.stringify(Object.fromEntries(found)), () => process.exit())
