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

// The configurations of docs/reverse-proxy.md, without TLS and with ports of this test.

const TOKEN = 'a-token-that-no-log-may-contain'
const UPSTREAM = '127.0.0.1:3000'
const withToken = { authorization: `Bearer ${TOKEN}` }

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

const haproxy = findProgram('haproxy')
describe.skipIf(isMissing(haproxy))(titleWith('behind HAProxy', haproxy), () => {
  test('as the documentation configures it, everything works below a path', async () => {
    const publicPort = await freePort()
    const { port, uiPort } = await startBehind(publicPort)
    const config = adapt(documentedConfig('haproxy'), {
      'bind :443 ssl crt /etc/ssl/oneport-both.pem alpn h2,http/1.1': `bind 127.0.0.1:${publicPort}`,
      [UPSTREAM]: `127.0.0.1:${uiPort}`,
    })
    const proxy = await Proxy.inNewFolder()
    await proxy.haproxy(haproxy.path ?? '', config, publicPort)
    await works(`http://127.0.0.1:${publicPort}`, port)
  })
})

const nginx = findProgram('nginx')
describe.skipIf(isMissing(nginx, browserTool))(titleWith('behind nginx', nginx, browserTool), () => {
  const browser = new BrowserOfFile()

  test('as the documentation configures it, everything works below a path, or the page says what to set', async () => {
    const stage = stager()
    const [publicPort, unknownPort, plainPort] = [await freePort(), await freePort(), await freePort()]
    const { port, uiPort } = await startBehind(publicPort, plainPort)
    const proxy = await Proxy.inNewFolder()
    const config = adapt(documentedConfig('nginx'), {
      'listen 443 ssl;': `listen 127.0.0.1:${publicPort}; listen 127.0.0.1:${unknownPort};`,
      'ssl_certificate     /etc/ssl/oneport.pem;': '',
      'ssl_certificate_key /etc/ssl/oneport.key;': '',
      '/var/log/nginx/oneport.log': `${proxy.folder}/access.log`,
      [UPSTREAM]: `127.0.0.1:${uiPort}`,
    })
    const withoutUpgrade = config
      .replace(/^log_format.*$/m, '')
      .replace(/listen .*;/, `listen 127.0.0.1:${plainPort};`)
      .replaceAll(/proxy_set_header.*;/g, '')
    await proxy.nginx(nginx.path ?? '', `${config}\n${withoutUpgrade}`, plainPort)

    stage('a script')
    await works(`http://127.0.0.1:${publicPort}`, port)
    stage('the page')
    const page = await browser.open(`http://127.0.0.1:${publicPort}/oneport/#token=${TOKEN}`)
    await page.row(1).waitFor()
    await page.button('Stop accepting').click()
    await page.card.locator('[data-listener-state=paused]').waitFor()
    expect(await page.page.evaluate(`document.fonts.ready.then(() => document.fonts.size > 0)`)).toBe(true)

    page.tolerated = /403|426|WebSocket connection to|a request to/
    stage('a public address that --allow-host does not name')
    await page.page.goto(`http://127.0.0.1:${unknownPort}/oneport/#token=${TOKEN}`)
    await page.notice('address').getByText(`--allow-host 127.0.0.1:${unknownPort}`).waitFor()
    stage('a proxy that does not pass the upgrade')
    await page.page.goto(`http://127.0.0.1:${plainPort}/oneport/#token=${TOKEN}`)
    await page.notice('upgrade').getByText(en.app.link.upgradeTitle).waitFor()

    stage('the log')
    await proxy.end()
    const log = await proxy.read('access.log')
    expect(log).toContain('"GET /oneport/ws" 101')
    expect(log).not.toContain(TOKEN)
  })
})
