import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { STEP_IDS, type StepId, TRANSFER_IDS } from '../../web/lesson/steps.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClient } from '../support/clients.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { LessonPage } from '../support/lesson-page.ts'
import { startProcess } from '../support/server-process.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { ssTable } from '../support/ss.ts'
import { netcat, telnet } from '../support/terminal.ts'
import { findProgram, isMissing, titleWith, type Tool } from '../tools.ts'
import { stager } from '../support/stage.ts'

const LINUX: Tool =
  process.platform === 'linux'
    ? { path: '/proc', reason: null }
    : { path: null, reason: 'not every address of 127.0.0.0/8 is there' }
const tools = [browserTool, LINUX, findProgram('nc'), findProgram('telnet'), findProgram('ss'), findProgram('script')]

const LIVE = `fetch('api/listener').then((it) => it.json()).then((it) => it.counters.live)`
const RESET_ALL = `fetch('api/connections/close', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"all":true,"how":"reset"}' })`

async function listenerIs(page: DashboardPage, state: string): Promise<void> {
  const ask = `fetch('api/listener').then((it) => it.json()).then((it) => it.state)`
  await expect.poll(() => page.page.evaluate(ask)).toBe(state)
}

/** All of 127.0.0.0/8 is local. */
const ownAddress = () => `127.${process.pid % 250}.${Date.now() % 250}.${process.hrtime()[1] % 250}`

/** The 4-tuple in a line about a socket: remote, local. */
function tupleIn(text: string): string {
  const [, remote, local] = /(\S+:\d+) → (\S+:\d+)/.exec(text) ?? []
  return `${remote} ${local}`
}

describe.skipIf(isMissing(...tools))(titleWith('the lesson', ...tools), () => {
  const browser = new BrowserOfFile()

  async function learn(page: DashboardPage): Promise<LessonPage> {
    // The browser logs the refused request of step 6.
    page.tolerated = /409/
    await page.button('Learn').click()
    await page.page.locator('[data-picture]').waitFor()
    // The tests look at rows too.
    await page.tab('connections').click()
    const lesson = new LessonPage(page)
    await lesson.begin.click()
    return lesson
  }

  async function skipTo(lesson: LessonPage, there: StepId) {
    await lesson.unlocks('listening')
    await lesson.next.click()
    for (const id of STEP_IDS.slice(1, STEP_IDS.indexOf(there))) {
      await lesson.step(id).waitFor()
      await lesson.side.locator('[data-leave-out]').click()
    }
    await lesson.step(there).waitFor()
  }

  /** Stops accepting in the step about the queue. */
  async function stopAccepting(page: DashboardPage, lesson: LessonPage) {
    await skipTo(lesson, 'queue')
    await lesson.predict('lost')
    await lesson.task('stop').click()
    await listenerIs(page, 'paused')
  }

  describe('on a server that allows everything', () => {
    const shared = new SharedDashboard(browser, ['--max-connections=1000'])

    // One visitor's whole lesson, with TIME_WAIT and samples to wait for.
    test('all steps and questions with real sockets, none without its evidence', { timeout: 120_000 }, async () => {
      const stage = stager()
      const { port, page } = shared
      const lesson = await learn(page)
      const told = async () => (await lesson.facts('connected').allInnerTexts()).map(tupleIn)

      stage('1: the listening socket is in the kernel’s table; later steps are locked')
      await lesson.unlocks('listening')
      await expect.poll(() => lesson.facts('listening').innerText()).toMatch(/LISTEN/)
      expect(await lesson.button('second').isDisabled()).toBe(true)

      stage('2: a connection before the prediction does not count, a new one does')
      await lesson.goOn('first')
      const before = await connectClient(port)
      await page.row(shared.id(1)).locator('[data-kernel=ESTABLISHED]').waitFor()
      await lesson.isLocked('first')
      expect(await lesson.task('first').isDisabled()).toBe(true)
      await lesson.predict('new')
      // Before the prediction nothing counts.
      await lesson.isLocked('first')
      // Somebody else's, which only the visitor could claim.
      const stranger = await connectClient(port, { localAddress: '127.0.0.9' })
      await lesson.mine.waitFor()
      await lesson.isLocked('first')
      expect(await lesson.typed()).toEqual(['nc', 'localhost', String(port)])
      netcat('localhost', port)
      await lesson.unlocks('first')
      await lesson.prediction('wrong').waitFor()
      await expect.poll(() => page.page.locator(`.lit[data-connection-id="${shared.id(3)}"]`).count()).toBe(1)
      before.socket.destroy()
      stranger.socket.destroy()

      stage('2: a reload keeps the place and the evidence')
      const first = await told()
      await page.page.reload()
      await page.link('live')
      await lesson.unlocks('first')
      expect(await told()).toEqual(first)
      await lesson.prediction('wrong').waitFor()

      stage('2: after a look at a connection the lesson comes back')
      await page.row(shared.id(3)).click()
      await page.page.locator(`[data-panel="${shared.id(3)}"]`).waitFor()
      await page.page.keyboard.press('Escape')
      await lesson.unlocks('first')

      stage('3: others from one IP do not count, a second connection of the visitor does')
      await lesson.goOn('second')
      await lesson.predict('remote-port')
      const others = [await connectClient(port, { localAddress: '127.0.0.9' })]
      others.push(await connectClient(port, { localAddress: '127.0.0.9' }))
      await page.row(shared.id(5)).locator('[data-kernel=ESTABLISHED]').waitFor()
      await lesson.isLocked('second')
      telnet('localhost', port)
      await lesson.unlocks('second')
      await lesson.prediction('right').waitFor()
      const [a = '', b = ''] = await told()
      expect(a).toBe(first[0])
      expect(new Set([a, b].map((tuple) => tuple.replace(/:\d+ .*/, ''))).size).toBe(1)
      expect(a).not.toBe(b)

      stage('4: the textbook’s two ports; another port does not count, nor do others’ clients')
      await lesson.goOn('textbook')
      await lesson.predict('3')
      await connectClient(port)
      await lesson.stray('other-port').waitFor()
      for (const localPort of [50_000, 50_001])
        others.push(await connectClient(port, { localAddress: ownAddress(), localPort }))
      await lesson.noneMine.click()
      await lesson.isLocked('textbook')
      const typed = await lesson.typed()
      expect(typed.slice(0, 5)).toEqual(['nc', '-s', expect.stringMatching(/^127\.0\.0\.1\d\d$/), '-p', '50000'])
      // An address that no other run of this test uses at the same time.
      netcat(...typed.with(2, ownAddress()).slice(1))
      await lesson.mine.click()
      await lesson.waitsFor('port-1').waitFor()
      await lesson.isLocked('textbook')
      await lesson.task('port-1').click()
      await lesson.unlocks('textbook')
      expect((await told()).map((tuple) => /:(\d+) /.exec(tuple)?.[1])).toEqual(['50000', '50001'])

      stage('5: the same port from another IP is accepted')
      await lesson.goOn('same-port')
      await lesson.predict('refused')
      await connectClient(port)
      await lesson.waitsFor('same-1').waitFor()
      await connectClient(port)
      await lesson.stray('same-ip').waitFor()
      await lesson.isLocked('same-port')
      await lesson.task('same-1').click()
      await lesson.unlocks('same-port')
      await lesson.prediction('wrong').waitFor()

      for (const { socket } of others) socket.destroy()

      stage('6: the kernel refuses the same 4-tuple')
      await lesson.goOn('same-tuple')
      await lesson.predict('refused')
      await lesson.task('tuple').click()
      await lesson.waitsFor('twice').waitFor()
      await lesson.isLocked('same-tuple')
      // By keyboard: the evidence removes the button, and the focus moves to the next button.
      await lesson.task('twice').press('Enter')
      await lesson.unlocks('same-tuple')
      await lesson.side.locator('[data-next]:focus').waitFor()
      expect(await lesson.facts('refusal').innerText()).toContain('EADDRNOTAVAIL')
      await lesson.prediction('right').waitFor()

      stage('7: the rules predict where the packet goes, then it is sent')
      await lesson.goOn('which')
      await lesson.predict('own')
      await lesson.task('packet').click()
      await lesson.waitsFor('syn').waitFor()
      await lesson.isLocked('which')
      await lesson.task('syn').click()
      await lesson.unlocks('which')
      await lesson.prediction('right').waitFor()
      expect(await lesson.facts('packet').count()).toBe(2)

      stage('8: clients wait in the accept queue, then are served')
      await lesson.goOn('queue')
      await lesson.predict('handshake')
      await lesson.task('stop').click()
      await lesson.waitsFor('wait').waitFor()
      await lesson.isLocked('queue')
      const queued = netcat('127.0.0.1', port)
      await lesson.waitsFor('again').waitFor()
      await lesson.isLocked('queue')
      await lesson.task('again').click()
      await lesson.unlocks('queue')
      await queued.prints(/127\.0\.0\.1:/)
      expect(await lesson.facts('waiting').innerText()).toContain('inode 0')

      stage('9: three endings, as the kernel shows them')
      await lesson.goOn('closing')
      await lesson.predict('both')
      await lesson.task('half').click()
      await lesson.waitsFor('release').waitFor()
      await lesson.isLocked('closing')
      // It stays in CLOSE_WAIT for as long as the visitor wants.
      await page.page.locator('[data-kernel=CLOSE_WAIT]').waitFor()
      expect((await ssTable(port)).filter((line) => line.includes('CLOSE_WAIT'))).toHaveLength(1)
      await lesson.task('release').click()
      await lesson.waitsFor('fin').waitFor()
      await lesson.task('fin').click()
      await lesson.waitsFor('reset').waitFor()
      await lesson.isLocked('closing')
      await lesson.task('reset').click()
      await lesson.unlocks('closing')
      await lesson.prediction('wrong').waitFor()
      const [half = '', fin = '', reset = ''] = await lesson.facts('connected').allInnerTexts()
      expect(half).toMatch(/CLOSE_WAIT for at least [\d.]+\s/)
      expect(fin).toContain('TIME_WAIT')
      expect(reset).toContain('RST')

      stage('10: the kernel refuses an address without free ports, and another one still connects')
      await lesson.goOn('exhausted')
      await lesson.predict('server-port')
      await lesson.isLocked('exhausted')
      await lesson.task('crowd').click()
      await lesson.unlocks('exhausted')
      await lesson.prediction('wrong').waitFor()
      const [size = '', refused = ''] = await lesson.facts('crowd').allInnerTexts()
      const [server, kernel] = size.match(/\d\d\d/g) ?? []
      expect([Number(server) > 800, kernel]).toEqual([true, server])
      expect(refused).toMatch(/^127\.1\.\d+\.1: \d+ connections, then EADDRNOTAVAIL$/)

      stage('11: all sockets at one moment, as ss prints them')
      await lesson.goOn('conclusion')
      // The crowd closes with its step.
      await expect.poll(() => page.page.evaluate<number>(LIVE)).toBeLessThan(100)
      await lesson.predict('ports')
      await lesson.waitsFor('all').waitFor()
      await lesson.isLocked('conclusion')
      await lesson.task('all').click()
      await lesson.unlocks('conclusion')
      await lesson.prediction('wrong').waitFor()
      const table = await ssTable(port)

      stage('12: a proxy’s ports run out for one address of the backend, and the same port connects to another')
      await lesson.goOn('proxy')
      expect(await lesson.task('users').isDisabled()).toBe(true)
      await lesson.predict('machine')
      await lesson.task('users').click()
      await lesson.waitsFor('backend').waitFor()
      await lesson.isLocked('proxy')
      await lesson.task('backend').click()
      await lesson.unlocks('proxy')
      await lesson.prediction('wrong').waitFor()
      const [used = '', again = ''] = await lesson.facts('connected').allInnerTexts()
      const [client, from] = [used, again].map((text) => tupleIn(text).split(' ')[0])
      expect(client).toBe(from)
      expect([used, again].map((text) => tupleIn(text).split(' ')[1])).toEqual([
        `127.0.0.1:${port}`,
        `127.0.0.2:${port}`,
      ])

      stage('13: two sockets listen on one port number, and none on an address that is taken')
      await lesson.goOn('services')
      await lesson.predict('address')
      await lesson.isLocked('services')
      // By keyboard.
      await lesson.task('binds').press('Enter')
      await lesson.unlocks('services')
      await lesson.side.locator('[data-next]:focus').waitFor()
      await lesson.prediction('right').waitFor()
      const binds = (await lesson.facts('bind').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
      expect(binds.map((text) => text.replace(/:\d+ /, ' '))).toEqual([
        '127.0.0.2 refused by the kernel: EADDRINUSE',
        '127.0.0.2 listened',
        '127.0.0.3 listened',
        '127.0.0.2 refused by the kernel: EADDRINUSE',
      ])

      stage('14: data and a SYN find the socket that the rules name')
      await lesson.goOn('tuples')
      await lesson.predictPart('syn', 'listening')
      // One of two answers is no prediction.
      expect(await lesson.task('deliver').isDisabled()).toBe(true)
      await lesson.part('data').locator('input').first().press('ArrowRight')
      expect(await lesson.part('data').locator('input[value=two]').isChecked()).toBe(true)
      await lesson.task('deliver').click()
      await lesson.waitsFor('knock').waitFor()
      await lesson.isLocked('tuples')
      await lesson.task('knock').click()
      await lesson.unlocks('tuples')
      await lesson.prediction('right').waitFor()

      stage('the summary has the questions too')
      await lesson.side.locator('.next').click()
      for (const id of TRANSFER_IDS) await lesson.sheet.locator(`[data-sheet-step=${id}][data-status=done]`).waitFor()
      await lesson.sheet.getByText(/^\d+\sconnected sockets/).waitFor()
      const [listening, ...connected] = await lesson.sheetRows('conclusion')
      expect(listening?.[5]).toContain('LISTEN')
      expect(connected.length).toBeGreaterThanOrEqual(6)
      // The visitor's nc and telnet are among them.
      const endpoints = connected.map(([, local, remote]) => `${remote} ${local}`)
      expect(endpoints).toEqual(expect.arrayContaining([a, b]))
      const rows = connected.map(([, local, remote, inode]) => `${remote} ${local} ESTABLISHED ${inode}`)
      expect(table).toEqual(expect.arrayContaining(rows))
      expect(new Set(connected.map(([, , , , fd]) => fd)).size).toBe(connected.length)

      stage('the lesson’s own connections close with it')
      expect(await page.page.evaluate(LIVE)).toBeGreaterThan(3)
      await expect.poll(() => page.page.evaluate('fetch("api/clients").then((it) => it.json())')).toEqual([])
      // Reset, so that no TIME_WAIT holds the textbook's endpoints for the next test.
      await page.page.evaluate(RESET_ALL)
    })

    test('a connection that a step holds in CLOSE_WAIT closes when the step is left', async () => {
      const { page } = shared
      const lesson = await learn(page)
      await skipTo(lesson, 'closing')
      await lesson.predict('first')
      await lesson.task('half').click()
      await lesson.waitsFor('release').waitFor()
      await lesson.button('queue').click()
      await expect.poll(() => page.page.evaluate<number>(LIVE)).toBe(0)
    })

    test('accepting resumes when the user leaves the step that stopped it', async () => {
      const { page } = shared
      const lesson = await learn(page)
      await stopAccepting(page, lesson)
      await lesson.button('which').click()
      await listenerIs(page, 'accepting')
      await lesson.button('queue').click()
      await lesson.task('stop').click()
      await listenerIs(page, 'paused')
      // It also resumes when they leave the lesson for the port.
      await page.page.locator('[data-leave-lesson]').click()
      await listenerIs(page, 'accepting')
      await page.button('Learn').click()
      // They also close with the page.
      await lesson.button('queue').click()
      await lesson.task('stop').click()
      await listenerIs(page, 'paused')
      await page.page.reload()
      await listenerIs(page, 'accepting')
      expect(await lesson.button('second').getAttribute('data-status')).toBe('left-out')
    })

    test('accepting resumes after a reconnect if the user left the step while offline', async () => {
      const { page } = shared
      const lesson = await learn(page)
      page.tolerated = /ERR_INTERNET_DISCONNECTED/
      await stopAccepting(page, lesson)
      const context = page.page.context()
      onTestFinished(() => context.setOffline(false))
      await context.setOffline(true)
      const lost = page.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/listener/resume'))
      await lesson.button('which').click()
      await lost
      await context.setOffline(false)
      await listenerIs(page, 'accepting')
    })
  })

  test('another run of the server, whose ids begin again: what was opened in the one before is not taken for what has them now', async () => {
    const { port, uiPort, server, page } = await browser.serve()
    const lesson = await learn(page)
    page.tolerated = /WebSocket|ERR_/
    const open = () =>
      page.page.evaluate<{ local: { port: number } }>(`fetch('api/clients', { method: 'POST',
        headers: { 'content-type': 'application/json' }, body: '{}' }).then((it) => it.json())`)
    await lesson.unlocks('listening')
    await lesson.goOn('first')
    await lesson.predict('same')
    await lesson.task('first').click()
    await lesson.unlocks('first')
    const ended = once(server.child, 'exit')
    server.child.kill()
    await page.link('lost')
    await ended
    await startProcess({ args: [`--port=${port}`, `--ui-port=${uiPort}`] }).ready()
    await page.link('live')
    const { local } = await open()
    await page.row(1).getByText(String(local.port)).waitFor()
    // The first client of the earlier run was the lesson's; it closed when its step was left.
    await lesson.goOn('second')
    await lesson.predict('remote-port')
    await open()
    await lesson.unlocks('second')
    expect(await page.page.evaluate('fetch("api/clients").then((it) => it.json())')).toHaveLength(2)
  })

  test('a server that refuses every write: what needs one says so, and can be left out', async () => {
    const { port, page } = await browser.serve(['--read-only'])
    const lesson = await learn(page)
    await lesson.unlocks('listening')
    await lesson.goOn('first')
    expect(await lesson.task('first').count()).toBe(0)
    await lesson.predict('same')
    netcat('127.0.0.1', port)
    await lesson.unlocks('first')
    await lesson.next.click()
    for (const id of STEP_IDS.slice(2, STEP_IDS.indexOf('conclusion'))) {
      await lesson.step(id).waitFor()
      const lacks = await lesson.side.locator('[data-lacks]').count()
      expect(`${id} ${lacks}`).toBe(`${id} ${['second', 'textbook', 'same-port'].includes(id) ? 0 : 1}`)
      await lesson.side.locator('[data-leave-out]').click()
    }
    await lesson.step('conclusion').waitFor()
    await lesson.predict('tuples')
    netcat('127.0.0.1', port)
    netcat('127.0.0.1', port)
    await lesson.unlocks('conclusion')
    await lesson.next.click()
    for (const id of TRANSFER_IDS) {
      await lesson.step(id).waitFor()
      expect(await lesson.side.locator('[data-lacks=write]').count()).toBe(1)
      await lesson.side.locator('[data-leave-out]').click()
    }
    expect(await lesson.button('tuples').getAttribute('data-status')).toBe('left-out')
  })
})
