import { describe, expect, test } from 'vitest'
import { ActingPage } from '../support/acting-page.ts'
import { BrowserOfFile, browserTool } from '../support/browser.ts'
import { ClassPage } from '../support/class-page.ts'
import { connectInOrder } from '../support/clients.ts'
import { startProcess } from '../support/server-process.ts'
import { isMissing, titleWith } from '../tools.ts'
import { stager } from '../support/stage.ts'
import { en } from '../../web/text/en/catalogue.ts'

const TOKEN = 'only the teacher has it'

describe.skipIf(isMissing(browserTool))(titleWith('the link for a class', browserTool), () => {
  const browser = new BrowserOfFile()

  test('is scanned off the screen, looks, and cannot act', async () => {
    const stage = stager()
    const server = startProcess({ args: ['--port=0', '--ui-port=0', '--ui-host=0.0.0.0', `--token=${TOKEN}`] })
    const { port, uiPort } = await server.ready()
    const teacher = await browser.open(`http://localhost:${uiPort}/#token=${encodeURIComponent(TOKEN)}`)
    stage('the teacher enters an address')
    const invite = await new ClassPage(teacher).invite()
    await invite.address.fill('school.example')
    await invite.joinDialog.getByText('--allow-host school.example').waitFor()
    await invite.address.fill('no address')
    await invite.joinDialog.getByText(en.class.join.problems.unreadable()).waitFor()
    expect(await invite.link.count()).toBe(0)
    await invite.address.fill(`127.0.0.1:${uiPort}`)
    await invite.joinDialog.getByText('the student’s own machine').waitFor()

    stage('a phone scans the link')
    const link = await invite.scan()
    expect(link).toBe(await invite.link.innerText())
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${uiPort}/#token=[\\w-]{43}$`))
    expect(link).not.toContain(encodeURIComponent(TOKEN))

    stage('the student opens the link and cannot act')
    const [client] = await connectInOrder(1, port)
    const student = await browser.open(link)
    await student.row(1).click()
    await student.page.locator('[data-read-only]').waitFor()
    expect(await student.button('Class').count()).toBe(0)
    const acting = new ActingPage(student)
    await expect.poll(() => acting.result.innerText()).toMatch(/read-only/)
    expect(await acting.box.isDisabled()).toBe(true)

    stage('the student’s token cannot act either')
    const headers = { authorization: `Bearer ${new URL(link).hash.slice('#token='.length)}` }
    const ask = (method: string, path: string) => fetch(new URL(path, link), { method, headers })
    expect((await ask('GET', '/api/connections/1')).status).toBe(200)
    for (const path of ['/api/connections/1/close', '/api/connections/close', '/api/listener/pause']) {
      expect(await (await ask('POST', path)).json()).toMatchObject({ statusCode: 403, code: 'READ_ONLY' })
    }
    expect(await (await ask('GET', '/api/join')).json()).toMatchObject({ code: 'FULL_TOKEN_REQUIRED' })

    stage('the teacher acts and the student sees it')
    await teacher.page.keyboard.press('Escape')
    await teacher.row(1).click()
    const acts = new ActingPage(teacher)
    await acts.box.fill('hello class')
    await acts.box.press('Enter')
    await client?.bytes((await client.line()).length + 1 + 'hello class\n'.length)
    await expect.poll(() => acting.events()).toHaveLength(1)
  })

  test('without a token the dialog says that everybody may act; on a phone the tools are a menu', async () => {
    const server = startProcess({
      args: ['--port=0', '--ui-port=0', '--ui-host=0.0.0.0'],
      env: { ONEPORT_TOKEN: 'none' },
    })
    const { uiPort } = await server.ready()
    const page = await browser.open(`http://localhost:${uiPort}`, { viewport: { width: 390, height: 844 } })
    expect(await page.button('Class').isVisible()).toBe(false)
    await page.button('Menu').click()
    const { joinDialog, address } = await new ClassPage(page).invite()
    await joinDialog.locator('[data-join-open]').getByText('ONEPORT_TOKEN=none').waitFor()
    await joinDialog.getByText('--read-only').waitFor()
    await address.fill(`127.0.0.1:${uiPort}`)
    await expect.poll(() => joinDialog.locator('[data-join-link]').innerText()).toBe(`http://127.0.0.1:${uiPort}/`)
    expect(await page.page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })
})
