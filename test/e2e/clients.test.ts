import { networkInterfaces } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { BytesPage } from '../support/bytes-page.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { type KernelSocket, kernelSockets } from '../support/kernel-sockets.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { netcat, telnet, type Terminal } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith, type Tool } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const NEEDED = [browserTool, findProgram('nc'), findProgram('telnet'), findProgram('script'), findProgram('ss')]
const IPV6: Tool = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
  ? { path: '::1', reason: null }
  : { path: null, reason: 'no IPv6 here' }
const GREETING = /You are (\S+), connected to (\S+) as connection (\d+); (.+)\.\r?\n/

interface Greeted {
  client: Terminal
  remote: string
  local: string
  id: number
}

async function greeted(client: Terminal): Promise<Greeted> {
  const [, remote = '', local = '', id = ''] = await client.prints(GREETING)
  return { client, remote, local, id: Number(id) }
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1))
}

describe.skipIf(isMissing(...NEEDED))(titleWith('nc and telnet in the browser', ...NEEDED), () => {
  const browser = new BrowserOfFile()

  test('a client that says nothing for too long: closed by the server, and nc sees the end', async () => {
    const { port, page } = await browser.serve(['--idle-timeout=1'])
    const { client, id } = await greeted(netcat('-N', '127.0.0.1', port))
    await page.row(id).getByText('Idle timeout').waitFor()
    client.endInput()
    await client.exited
  })

  test('a client killed with bytes it has not read: reset by the client', async () => {
    const { port, page } = await browser.serve(['--behavior=chargen'])
    const { client, id } = await greeted(netcat('127.0.0.1', port))
    await page.row(id).waitFor()
    process.kill(client.pid, 'SIGSTOP')
    // Unread bytes make the close a reset; without them it would be a FIN.
    const unread = async (): Promise<number> =>
      (await kernelSockets(port)).find(({ remote }) => remote.port === port)?.recvQueue ?? 0
    await expect.poll(unread).toBeGreaterThan(0)
    client.kill()

    await expect.poll(async () => (await page.read())[0]?.state).toBe('Reset by client · RST')
    await page.row(id).click()
    await expect.poll(() => page.field('Descriptor').innerText()).toBe(en.connection.record.fdClosed)
  })

  describe('on a port where nobody is connected', () => {
    const shared = new SharedDashboard(browser, ['--closed-kept=0'])

    async function post(path: string, body: object): Promise<void> {
      const headers = { 'content-type': 'application/json' }
      const { ok } = await fetch(shared.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      expect(ok).toBe(true)
    }

    test('nc localhost: the greeting, the echo and the row name the same 4-tuple', async () => {
      const { port, page } = shared
      const { client, remote, local, id } = await greeted(netcat('localhost', port))
      expect(portOf(local)).toBe(port)

      await page.row(id).waitFor()
      expect(await page.read()).toEqual([{ id, remote, local, state: 'Open' }])

      client.type('hello, port\n')
      await client.prints(/hello, port\n/)
      await page.row(id).click()
      await expect.poll(() => page.field('Bytes in').innerText()).toMatch(/^12\sB$/)
    })

    test('the page chooses the language in which newcomers are greeted; what was said before stays as it was', async () => {
      const { port, page } = shared
      const first = await greeted(netcat('127.0.0.1', port))
      await page.unfold()
      const choice = page.card.getByRole('group', { name: 'Greeting' })
      onTestFinished(() => post('/api/listener/greeting', { language: 'en' }))
      await choice.getByRole('button', { name: 'Русский' }).click()
      await choice.getByRole('button', { name: 'Русский', pressed: true }).waitFor()

      const second = netcat('127.0.0.1', port)
      const inRussian = /^Вы — \S+, сервер — \S+, соединение № (\d+); на этом порту есть ещё 1 соединение\.\n/
      expect((await second.prints(inRussian))[1]).toBe(String(shared.id(2)))
      for (const [id, said] of [
        [first.id, first.client.output],
        [shared.id(2), second.output],
      ] as const) {
        const bytes = await new BytesPage(page).open(id)
        const text = async () => (await bytes.rows('out', 'text')).map(([, row]) => row).join('')
        await expect.poll(text).toContain(said.trim())
      }
    })

    test('telnet localhost: one more row on the same port, and quit ends it with FIN', async () => {
      const { port, page } = shared
      const first = await greeted(netcat('127.0.0.1', port))
      const { client, remote, local, id } = await greeted(telnet('localhost', port))
      expect(client.output).toContain('1 other connection shares this port')
      expect(local.split(':').at(-1)).toBe(first.local.split(':').at(-1))

      await page.row(id).waitFor()
      expect(await page.read()).toEqual([
        { id, remote, local, state: 'Open' },
        { id: first.id, remote: first.remote, local: first.local, state: 'Open' },
      ])

      client.type('typed in telnet\n')
      await client.prints(/typed in telnet\r\n[^]*typed in telnet\r\n/)
      client.type('\x1d')
      await client.prints(/telnet> /)
      client.type('quit\n')
      await page.row(id).getByText('Closed by client · FIN').waitFor()
      expect(await page.liveCount.innerText()).toBe('1')
    })

    test('the 4-tuples on the page are those that ss prints, each with its own descriptor', async () => {
      const { port, page } = shared
      const clients = await Promise.all(
        [
          netcat('127.0.0.1', port),
          netcat('-s', '127.0.0.2', '127.0.0.1', port),
          netcat('-s', '127.0.0.3', '127.0.0.9', port),
          telnet('127.0.0.1', port),
        ].map(greeted),
      )
      await expect.poll(() => page.liveCount.innerText()).toBe(String(clients.length))
      await expect.poll(() => page.rows.count()).toBe(clients.length)

      const sockets = await kernelSockets(port)
      const listening = sockets.filter(({ state }) => state === 'LISTEN')
      const connected = sockets.filter(({ state, local }) => state === 'ESTAB' && local.port === port)
      expect(listening).toHaveLength(1)
      expect(tuples(await page.read())).toEqual(kernelTuples(connected))
      expect(clients.map(({ local, remote }) => `${local} ${remote}`).sort()).toEqual(kernelTuples(connected))
      await page.card.getByText(`:${port}`).waitFor()

      for (const { local, remote, holders } of connected) {
        const { id } = clients.find((client) => client.remote === formatEndpoint(remote)) ?? { id: 0 }
        await page.row(id).click()
        await expect.poll(() => page.field('Remote endpoint').innerText()).toBe(formatEndpoint(remote))
        expect(await page.field('Local endpoint').innerText()).toBe(formatEndpoint(local))
        const { pid, fd } = holders[0] ?? {}
        expect([await page.field('Process').innerText(), await page.field('Descriptor').innerText()]).toEqual([
          String(pid),
          String(fd),
        ])
      }

      // The client's socket at the other end has the same 4-tuple, with local and remote swapped.
      const others = sockets.filter(({ state, remote }) => state === 'ESTAB' && remote.port === port)
      expect(kernelTuples(others.map((socket) => ({ ...socket, local: socket.remote, remote: socket.local })))).toEqual(
        kernelTuples(connected),
      )
    })

    test.skipIf(isMissing(IPV6))(titleWith('an IPv6 client shares the port with an IPv4 one', IPV6), async () => {
      const { port, page } = shared
      const old = await greeted(netcat('127.0.0.1', port))
      const { remote, local, id } = await greeted(netcat('::1', port))
      expect(local).toBe(`[::1]:${port}`)

      await page.row(id).waitFor()
      expect(await page.read()).toEqual([
        { id, remote, local, state: 'Open' },
        { id: old.id, remote: old.remote, local: old.local, state: 'Open' },
      ])
      expect(tuples(await page.read())).toEqual(kernelTuples(await connectedSockets(port)))
    })

    test('the same client port from two addresses makes two connections', async () => {
      const { port, page } = shared
      const first = await greeted(netcat('-s', '127.0.0.2', '127.0.0.1', port))
      const second = await greeted(netcat('-s', '127.0.0.3', '-p', portOf(first.remote), '127.0.0.1', port))

      await page.row(second.id).waitFor()
      expect(portOf(second.remote)).toBe(portOf(first.remote))
      expect(tuples(await page.read())).toEqual(kernelTuples(await connectedSockets(port)))
    })

    test('nc -N half-closes: the page says so while the kernel says CLOSE-WAIT', async () => {
      const { port, page } = shared
      const { client, id } = await greeted(netcat('-N', '127.0.0.1', port))
      await post(`/api/connections/${id}/behavior`, { behavior: 'silent' })
      // Otherwise the server would never close it.
      onTestFinished(() => post(`/api/connections/${id}/close`, { how: 'reset' }))
      await page.row(id).click()
      client.type('last words\n')
      client.endInput()

      await page.row(id).getByText('Half-closed').waitFor()
      await page.panel.getByText(en.stream.events.fin.peer).first().waitFor()
      expect(await page.liveCount.innerText()).toBe('1')
      const ours = await connectedSockets(port)
      expect(ours.map(({ state }) => state)).toEqual(['CLOSE-WAIT'])
    })

    test('nc -N with echo: the answer still comes, then both sides have closed', async () => {
      const { port, page } = shared
      const { client, id } = await greeted(netcat('-N', '127.0.0.1', port))
      client.type('last words\n')
      client.endInput()

      await client.exited
      expect(client.output).toContain('last words\n')
      await page.row(id).getByText('Closed by client · FIN').waitFor()
      expect(await page.liveCount.innerText()).toBe('0')
    })
  })
})

/** The server's connected sockets on the port. */
async function connectedSockets(port: number): Promise<KernelSocket[]> {
  return (await kernelSockets(port)).filter(({ state, local }) => state !== 'LISTEN' && local.port === port)
}

function tuples(rows: { local: string; remote: string }[]): string[] {
  return rows.map(({ local, remote }) => `${local} ${remote}`).sort()
}

function kernelTuples(sockets: KernelSocket[]): string[] {
  return tuples(sockets.map(({ local, remote }) => ({ local: formatEndpoint(local), remote: formatEndpoint(remote) })))
}
