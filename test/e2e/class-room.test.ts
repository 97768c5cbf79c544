import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faultsIn, RULES } from '../support/axe.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { ClassPage } from '../support/class-page.ts'
import { connectClients } from '../support/clients.ts'
import type { DashboardPage } from '../support/dashboard-page.ts'
import { stager } from '../support/stage.ts'
import { isMissing, titleWith } from '../tools.ts'
import { en } from '../../web/text/en/catalogue.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true }

/** A phone on which nothing of the class is stored. */
async function phone(teacher: DashboardPage, url: string): Promise<Page> {
  const context = await teacher.page.context().browser()?.newContext(PHONE)
  if (context === undefined) throw new Error('the browser has gone')
  onTestFinished(() => context.close())
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  await page.goto(url)
  return page
}

async function joinAs(page: Page, name: string): Promise<void> {
  await page.locator('[data-join-class] input').fill(name)
  await page.locator('[data-join-class] button').click()
  await page.locator('[data-student-panel]').waitFor()
}

/** Closes an open dialog and opens the class again. */
async function classOf(teacher: DashboardPage): Promise<void> {
  await teacher.button('Class').click()
  await teacher.page.locator('[data-class-open]').waitFor()
}

describe.skipIf(isMissing(browserTool))(titleWith('a class in the room', browserTool), () => {
  const browser = new BrowserOfFile()

  test('students join with phones, act on their own connection, answer, and are gone when the class ends', async () => {
    const stage = stager()
    const { port, page: teacher } = await browser.serve(['--behavior=echo'])
    // Thirty others are busy.
    await connectClients(30, port, { localAddress: '127.0.0.2' })
    const dialog = (await new ClassPage(teacher).invite()).joinDialog

    stage('the teacher opens the class, and a phone scans the link')
    await dialog.locator('select').selectOption('127.0.0.1')
    await dialog.locator('[data-open-class]').click()
    await dialog.locator('[data-class-open]').waitFor()
    const link = await new ClassPage(teacher).scan()
    const { origin } = new URL(link)
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    const ada = await phone(teacher, link)
    await ada.locator('[data-join-class]').waitFor()
    expect(await faultsIn(ada, RULES.all)).toEqual([])
    await joinAs(ada, '<i>Ada</i>\u202E')

    stage('another one types the address and the code')
    const code = await dialog.locator('[data-class-code]').innerText()
    const bob = await phone(teacher, origin)
    await bob.locator('[data-class-code-form] input').fill('AAA-AAA')
    await bob.locator('[data-class-code-form] button').click()
    await bob.locator('[data-class-code-form]').getByRole('alert').waitFor()
    await bob.locator('[data-class-code-form] input').fill(code.toLowerCase().replace('-', ''))
    await bob.locator('[data-class-code-form] button').click()
    await joinAs(bob, 'Боб')
    // A second tab is the same student.
    const again = await bob.context().newPage()
    await again.goto(link)
    await again.locator('[data-student-panel]').getByText('Боб').waitFor()
    await again.close()

    stage('each has a connection with a name, and acts on it')
    await ada.locator('[data-student-connect]').click()
    await ada.locator('[data-own="31"]').waitFor()
    await ada.locator('[data-student-send]').click()
    await bob.locator('[data-student-connect]').click()
    await bob.locator('[data-own="32"]').waitFor()
    await teacher.page.keyboard.press('Escape')
    const row = teacher.row(31)
    await expect.poll(() => row.locator('[data-student]').innerText()).toBe('<i>Ada</i>')
    await expect.poll(() => row.innerText()).toContain('127.2.0.1:')
    await teacher.page.keyboard.press('h')
    await row.locator('[data-student]').waitFor({ state: 'detached' })
    await teacher.page.keyboard.press('h')
    await bob.locator('[data-student-close=half]').click()
    await bob.locator('[data-own="32"]').waitFor({ state: 'detached' })

    stage('a question is answered, and revealed to all')
    await classOf(teacher)
    expect(await faultsIn(teacher.page, RULES.all)).toEqual([])
    await dialog.getByRole('textbox', { name: en.class.room.ask.text, exact: true }).fill('How many ports?')
    await dialog.getByLabel(en.class.room.ask.options).fill('*one\n33')
    await dialog.locator('[data-ask]').click()
    await ada.locator('[data-option="0"]').click()
    await bob.locator('[data-option="1"]').click()
    await dialog.locator('[data-answered="2"]').waitFor()
    expect(await bob.locator('[data-count]').count()).toBe(0)
    expect(await faultsIn(ada, RULES.all)).toEqual([])
    await dialog.locator('[data-reveal]').click()
    await bob.locator('[data-count]').first().waitFor()
    await bob.getByText(en.class.room.ask.right, { exact: true }).waitFor()

    stage('the pace holds the lesson')
    await dialog.locator('[data-pace]').selectOption('0')
    await ada.goto(`${origin}/#lesson`)
    await ada.getByRole('button', { name: en.lesson.intro.begin }).click()
    await ada.locator('[data-held]').waitFor()
    await dialog.locator('[data-pace]').selectOption('')
    await ada.locator('[data-next]').click()
    await ada.locator('input[value=same]').check()
    await ada.locator('[data-task=first]').click()
    await ada.locator('[data-lesson-step=first][data-evidence=true]').waitFor()
    await expect.poll(() => dialog.locator('[data-roster="1"]').innerText()).toMatch(/\t2\t/)

    stage('results are saved, a student is removed, and the class ends')
    const saving = teacher.page.waitForEvent('download')
    await dialog.locator('[data-save-class]').click()
    const csv = readFileSync(await (await saving).path(), 'utf8')
    expect(csv).toContain('<i>Ada</i>,2,2,How many ports?,one,true\r\n')
    await dialog.getByRole('button', { name: en.class.room.roster.remove('Боб') }).click()
    await bob.getByText(en.class.student.removed).waitFor()
    await dialog.locator('[data-end-class]').click()
    await dialog.locator('[data-end-class]').click()
    await dialog.locator('[data-open-class]').waitFor()
    await ada.locator('[data-class-ended]').waitFor()
    await expect.poll(() => teacher.page.locator('[data-student]').count()).toBe(0)
    await expect.poll(() => teacher.liveCount.innerText()).toBe('30')
  })
})
