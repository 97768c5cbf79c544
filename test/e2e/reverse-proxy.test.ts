import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { BrowserOfFile, browserTool } from '../support/browser.ts'
import { connectClient } from '../support/clients.ts'
import { adapt, documentedConfig, freePort, Proxy } from '../support/proxy.ts'
import { type Ready, startProcess } from '../support/server-process.ts'
import { stager } from '../support/stage.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

// The configurations of docs/reverse-proxy.md, with the ports and a certificate of this test.

const TOKEN = 'a-token-that-no-log-may-contain'
const UPSTREAM = '127.0.0.1:3000'
const withToken = { authorization: `Bearer ${TOKEN}` }

/** Where the documentation's configurations look for the certificate. */
const CERTIFICATES = '/etc/ssl/'

function startBehind(...publicPorts: number[]): Promise<Ready> {
  const allowed = publicPorts.map((port) => `--allow-host=127.0.0.1:${port}`)
  return startProcess({ args: ['--port=0', '--ui-port=0', `--token=${TOKEN}`, ...allowed] }).ready()
}

/** What a page needs: its files, a write, the events at once, and the WebSocket. */
async function works(origin: string, port: number): Promise<void> {
  const moved = await fetch(`${origin}/oneport`)
  expect(moved.url).toBe(`${origin}/oneport/`)
  const paths = [...(await moved.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path ?? '')
  expect(paths.length).toBeGreaterThan(2)
  for (const path of [...paths, 'api/docs']) {
    expect((await fetch(new URL(path, moved.url), { headers: withToken })).status, path).toBe(200)
  }
  const write = { method: 'POST', headers: { ...withToken, origin } }
  expect((await fetch(`${moved.url}api/listener/resume`, write)).status).toBe(200)

  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const events = await fetch(`${moved.url}api/events?token=${TOKEN}`, { signal: abort.signal })
  await connectClient(port)
  const chunk = await events.body?.getReader().read()
  expect(new TextDecoder().decode(chunk?.value)).toMatch(/^\{"kind":"accept"/)

  const socket = new WebSocket(`${moved.url.replace('http', 'ws')}ws?token=${TOKEN}`, 'oneport.v1', { origin })
  const [hello] = (await once(socket, 'message')) as [Buffer]
  expect(String(hello)).toMatch(/^\{"type":"hello"/)
  socket.terminate()
}

const openssl = findProgram('openssl')
const haproxy = findProgram('haproxy')
describe.skipIf(isMissing(haproxy, openssl))(titleWith('behind HAProxy', haproxy, openssl), () => {
  test('as the documentation configures it, with TLS, everything works below a path', async () => {
    const publicPort = await freePort()
    const { port, uiPort } = await startBehind(publicPort)
    const proxy = await Proxy.inNewFolder()
    await proxy.certify(openssl.path ?? '')
    const config = adapt(documentedConfig('haproxy'), {
      'bind :443 ssl': `bind 127.0.0.1:${publicPort} ssl`,
      [CERTIFICATES]: `${proxy.folder}/`,
      [UPSTREAM]: `127.0.0.1:${uiPort}`,
    })
    await proxy.haproxy(haproxy.path ?? '', config, publicPort)
    await works(`https://127.0.0.1:${publicPort}`, port)
  })
})

const nginx = findProgram('nginx')
describe.skipIf(isMissing(nginx, openssl, browserTool))(titleWith('behind nginx', nginx, openssl, browserTool), () => {
  const browser = new BrowserOfFile()

  test('as the documentation configures it, with TLS, everything works below a path, or the page says what to set', async () => {
    const stage = stager()
    const [publicPort, unknownPort, plainPort] = [await freePort(), await freePort(), await freePort()]
    const { port, uiPort } = await startBehind(publicPort, plainPort)
    const proxy = await Proxy.inNewFolder()
    await proxy.certify(openssl.path ?? '')
    const config = adapt(documentedConfig('nginx'), {
      'listen 443 ssl;': `listen 127.0.0.1:${publicPort} ssl; listen 127.0.0.1:${unknownPort} ssl;`,
      [CERTIFICATES]: `${proxy.folder}/`,
      '/var/log/nginx/oneport.log': `${proxy.folder}/access.log`,
      [UPSTREAM]: `127.0.0.1:${uiPort}`,
    })
    const withoutUpgrade = config
      .replace(/^log_format.*$/m, '')
      .replace(/listen .*;/, `listen 127.0.0.1:${plainPort} ssl;`)
      .replaceAll(/proxy_set_header.*;/g, '')
    await proxy.nginx(nginx.path ?? '', `${config}\n${withoutUpgrade}`, plainPort)

    stage('a script')
    await works(`https://127.0.0.1:${publicPort}`, port)
    stage('the page')
    const page = await browser.open(`https://127.0.0.1:${publicPort}/oneport/#token=${TOKEN}`, {
      ignoreHTTPSErrors: true,
    })
    await page.row(1).waitFor()
    await page.button('Stop accepting').click()
    await page.card.locator('[data-listener-state=paused]').waitFor()
    expect(await page.page.evaluate(`document.fonts.ready.then(() => document.fonts.size > 0)`)).toBe(true)

    page.tolerated = /403|426|WebSocket connection to|a request to/
    stage('a public address that --allow-host does not name')
    await page.page.goto(`https://127.0.0.1:${unknownPort}/oneport/#token=${TOKEN}`)
    await page.notice('address').getByText(`--allow-host 127.0.0.1:${unknownPort}`).waitFor()
    stage('a proxy that does not pass the upgrade')
    await page.page.goto(`https://127.0.0.1:${plainPort}/oneport/#token=${TOKEN}`)
    await page.notice('upgrade').getByText(en.app.link.upgradeTitle).waitFor()

    stage('the log')
    await proxy.end()
    const log = await proxy.read('access.log')
    expect(log).toContain('"GET /oneport/ws" 101')
    expect(log).not.toContain(TOKEN)
  })
})

describe.skipIf(isMissing(haproxy, nginx))(titleWith('with an idle timeout of 6 seconds', haproxy, nginx), () => {
  test('a proxy ends /api/events, which is silent for longer, and keeps /ws open', async () => {
    const ports = [await freePort(), await freePort()] as const
    const { uiPort } = await startBehind(...ports)
    const [front, other] = [await Proxy.inNewFolder(), await Proxy.inNewFolder()]
    const upstream = { [UPSTREAM]: `127.0.0.1:${uiPort}` }
    const nginxConfig = adapt(documentedConfig('nginx'), {
      'listen 443 ssl;': `listen 127.0.0.1:${ports[0]};`,
      'ssl_certificate     /etc/ssl/oneport.pem;': 'proxy_read_timeout 6s;',
      'ssl_certificate_key /etc/ssl/oneport.key;': '',
      '/var/log/nginx/oneport.log': `${front.folder}/access.log`,
      ...upstream,
    })
    const haproxyConfig = adapt(documentedConfig('haproxy'), {
      'bind :443 ssl crt /etc/ssl/oneport-both.pem alpn h2,http/1.1': `bind 127.0.0.1:${ports[1]}`,
      'timeout client 60s': 'timeout client 6s',
      'timeout server 60s': 'timeout server 6s',
      ...upstream,
    })
    await front.nginx(nginx.path ?? '', nginxConfig, ports[0])
    await other.haproxy(haproxy.path ?? '', haproxyConfig, ports[1])
    await Promise.all(ports.map(outlives))
  }, 20_000)
})

/** Both streams begin at once, and nothing happens on the port: only what oneport sends by itself keeps them open. */
async function outlives(publicPort: number): Promise<void> {
  const origin = `http://127.0.0.1:${publicPort}`
  const socket = new WebSocket(`ws://127.0.0.1:${publicPort}/oneport/ws?token=${TOKEN}`, 'oneport.v1', { origin })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  const events = await fetch(`${origin}/oneport/api/events?token=${TOKEN}`)
  await expect(events.text()).rejects.toThrow()
  socket.ping()
  await once(socket, 'pong')
}
