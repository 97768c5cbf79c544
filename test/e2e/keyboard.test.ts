import type { Locator } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ActingPage } from '../support/acting-page.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { BytesPage } from '../support/bytes-page.ts'
import { ClassPage } from '../support/class-page.ts'
import { connectInOrder } from '../support/clients.ts'
import { ExperimentPage } from '../support/experiments-page.ts'
import { Keyboard } from '../support/keyboard.ts'
import { LessonPage } from '../support/lesson-page.ts'
import { LookupPage } from '../support/lookup-page.ts'
import { PicturePage } from '../support/picture-page.ts'
import { SharedDashboard } from '../support/shared-dashboard.ts'
import { isMissing, titleWith } from '../tools.ts'
import { stager } from '../support/stage.ts'
import { en } from '../../web/text/en/catalogue.ts'

const linux = process.platform === 'linux'

describe.skipIf(isMissing(browserTool))(titleWith('the page by keyboard alone', browserTool), () => {
  const browser = new BrowserOfFile()

  const shared = new SharedDashboard(browser, ['--closed-kept=0'])

  function start() {
    const { port, page } = shared
    return { port, page, acting: new ActingPage(page), keyboard: new Keyboard(page.page) }
  }

  test.skipIf(!linux)(
    'open a connection, find its bytes, answer it, half-close it; select others and reset them',
    async () => {
      const stage = stager()
      const { port, page, acting, keyboard } = start()
      const [first] = await connectInOrder(4, port)
      first?.socket.write('GET / HTTP/1.1\r\n\r\n')
      await page.row(shared.id(1)).getByText('http').waitFor()

      stage('Tab reaches everything up to the first row, and Enter opens a connection')
      await keyboard.tabTo(page.rows.first())
      await keyboard.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter')
      await expect.poll(() => keyboard.has(page.row(shared.id(1)))).toBe(true)
      await page.panel.waitFor()

      stage('find its bytes')
      await keyboard.press('b', 'F6')
      const bytes = new BytesPage(page)
      await keyboard.tabTo(bytes.root.getByRole('button', { name: 'Hex' }))
      await keyboard.press('Enter')
      await keyboard.tabTo(bytes.query)
      await keyboard.type('"GET"')
      await keyboard.press('Enter')
      await expect.poll(() => bytes.found.innerText()).toBe('2 of 2')
      await keyboard.press('Escape')
      expect(await bytes.query.inputValue()).toBe('')

      stage('answer it')
      await keyboard.tabTo(acting.box)
      await keyboard.type('pong')
      await keyboard.press('Enter')
      await expect.poll(() => String(first?.received)).toContain('pong\n')
      stage('half-close it')
      await keyboard.tabTo(page.panel.locator('[data-act-more]'))
      if ((await page.panel.locator('[data-close]').count()) === 0) await keyboard.press('Enter')
      await keyboard.tabTo(acting.close('half'))
      await keyboard.press('Enter')
      await acting.kernel('FIN_WAIT_2').waitFor()
      await keyboard.check('the end of our side')

      stage('select three others')
      await keyboard.press('F6', 'Escape')
      await page.panel.waitFor({ state: 'detached' })
      await keyboard.press('ArrowUp', 'Shift+ArrowUp', 'Shift+ArrowUp')
      await expect.poll(() => acting.bar.innerText()).toContain('3 connections selected')
      stage('the confirmation traps the focus and gives it back')
      await keyboard.tabTo(acting.bulk('reset'))
      await keyboard.press('Enter')
      const question = acting.confirmation('Reset 3 connections?')
      // Tab must not leave the dialog.
      for (let turn = 0; turn < 4; turn++) {
        expect(await question.locator(':focus').count()).toBe(1)
        await keyboard.press('Tab')
      }
      await keyboard.press('Escape')
      expect(await keyboard.has(acting.bulk('reset'))).toBe(true)
      await keyboard.press('Enter')
      stage('reset them')
      await keyboard.tabTo(question.locator('[data-go]'))
      await keyboard.press('Enter')
      await expect.poll(() => acting.bulkResult.innerText()).toBe('Reset 3 connections.')
      await keyboard.check('the reset')

      stage('filter the list')
      await keyboard.press('Escape', '/')
      await keyboard.type('state:live')
      await expect.poll(() => page.ids()).toEqual(shared.ids(1))
      await keyboard.press('ArrowDown')
      await expect.poll(() => keyboard.has(page.row(shared.id(1)))).toBe(true)
      await keyboard.press('Escape')
      await expect.poll(() => page.filter.inputValue()).toBe('')
    },
  )

  test.skipIf(!linux)('walk in the picture, run an experiment, look a packet up and try it', async () => {
    const stage = stager()
    const { port, page, keyboard } = start()
    await connectInOrder(3, port)
    stage('walk in the picture')
    await keyboard.tabTo(page.tab('picture'))
    await keyboard.press('Enter')
    const picture = new PicturePage(page)
    await keyboard.tabTo(picture.drawing)
    await keyboard.press('ArrowDown', 'ArrowDown', 'Enter')
    const headings = shared.ids(1, 2, 3).map((id) => `Connection ${id}`)
    await expect.poll(() => page.panel.getByRole('heading', { level: 2 }).innerText()).toBeOneOf(headings)
    await keyboard.press('F6')
    await keyboard.tabTo(page.button('Close the panel'))
    await keyboard.press('Enter')
    expect(await keyboard.has(picture.drawing)).toBe(true)
    await keyboard.tabTo(page.tab('connections'), 'Shift+Tab')
    await keyboard.press('Enter')

    stage('run an experiment and clean up')
    const experiment = new ExperimentPage(page, 'The same port from two IPs')
    await keyboard.press('e', 'F6')
    await keyboard.tabTo(experiment.button)
    await keyboard.press('Enter')
    await experiment.asPredicted.waitFor()
    await expect.poll(() => keyboard.has(experiment.button)).toBe(true)
    const cleanUp = experiment.card.getByRole('button', { name: 'Clean up' })
    await keyboard.tabTo(cleanUp)
    await keyboard.press('Enter')
    await cleanUp.waitFor({ state: 'detached' })
    await keyboard.check('what was pressed is gone')
    await keyboard.press('Escape')

    stage('look a packet up and try it')
    const lookup = new LookupPage(page)
    await keyboard.tabTo(page.button('Which socket gets this packet?'), 'Shift+Tab')
    await keyboard.press('Enter', 'F6')
    await keyboard.tabTo(lookup.field('Remote IP'))
    await keyboard.press('Control+a')
    await keyboard.type('127.0.0.9')
    await keyboard.tabTo(lookup.field('Remote port'))
    await keyboard.press('Control+a')
    await keyboard.type('50000')
    await lookup.verdict('listening').waitFor()
    await keyboard.tabTo(lookup.tryIt)
    await keyboard.press('Enter')
    await lookup.tried.waitFor()
    await expect.poll(() => keyboard.has(lookup.tryIt)).toBe(true)
  })

  test('every dialog takes the focus and gives it back; theme, language and the accept switch keep it', async () => {
    const stage = stager()
    const { port, page, keyboard } = start()
    await connectInOrder(3, port)
    const { panel } = page
    const theme = page.page.getByRole('button', { name: /^(Light|Dark) theme$/ })
    stage('theme')
    await keyboard.tabTo(theme)
    await keyboard.press('Enter')
    expect(await keyboard.has(theme)).toBe(true)
    const language = page.page.locator('[data-focus-name=language]')
    stage('language')
    await keyboard.tabTo(language, 'Shift+Tab')
    await keyboard.press('Enter')
    await page.page.locator('html[lang=ru]').waitFor()
    await expect.poll(() => keyboard.has(language)).toBe(true)
    await keyboard.press('Enter')
    await page.page.locator('html[lang=en]').waitFor()
    await expect.poll(() => keyboard.has(language)).toBe(true)

    stage('accept switch')
    const accept = page.card.locator('[data-accept-switch]')
    // Only Linux lets the server stop accepting.
    expect(await accept.count()).toBe(linux ? 1 : 0)
    for (const state of linux ? ['paused', 'accepting'] : []) {
      await keyboard.tabTo(accept)
      await keyboard.press('Enter')
      await page.page.locator(`[data-listener-state=${state}]`).waitFor()
      await expect.poll(() => keyboard.has(accept)).toBe(true)
    }

    stage('pause')
    await keyboard.press('p')
    await page.paused.waitFor()
    await keyboard.press('p')
    await page.paused.waitFor({ state: 'detached' })

    async function openAndLeave(opener: Locator, opened: Locator) {
      await keyboard.tabTo(opener)
      await keyboard.press('Enter')
      await opened.waitFor()
      await keyboard.press('Tab', 'Tab', 'Shift+Tab')
      expect(await opened.locator(':focus').count()).toBe(1)
      await keyboard.press('Escape')
      await opened.waitFor({ state: 'hidden' })
      expect(await keyboard.has(opener)).toBe(true)
    }
    stage('the export menu')
    await openAndLeave(page.page.locator('[data-export=listed]'), page.page.locator('#export-listed'))
    stage('the copy dialog')
    await keyboard.tabTo(page.row(shared.id(3)))
    await keyboard.press('Enter', 'b', 'F6')
    const copyDialog = page.page.getByRole('dialog', { name: 'Copy bytes' })
    await openAndLeave(panel.getByRole('button', { name: 'Copy or save…' }), copyDialog)
    stage('presets and history')
    const more = panel.locator('[data-act-more]')
    await keyboard.tabTo(more)
    if ((await more.getAttribute('aria-expanded')) === 'false') await keyboard.press('Enter', 'Shift+Tab')
    await openAndLeave(panel.locator('[data-presets]'), page.page.getByRole('dialog', { name: 'Presets and history' }))
  })

  test('take the first steps of the lesson; board, class, one’s own connection, projector; a row that goes while it has the focus', async () => {
    const stage = stager()
    const { port, page, keyboard } = start()
    const clients = await connectInOrder(2, port)
    stage('the first steps of the lesson')
    const lesson = new LessonPage(page)
    await keyboard.press('Tab', 't', 'F6')
    await keyboard.tabTo(lesson.begin)
    await keyboard.press('Enter')
    await lesson.unlocks('listening')
    await keyboard.tabTo(lesson.next)
    await keyboard.press('Enter')
    await lesson.step('first').waitFor()
    await keyboard.tabTo(lesson.side.locator('[type=radio]').first())
    await keyboard.press('Space')
    await keyboard.tabTo(lesson.task('first'))
    await keyboard.press('Enter')
    await lesson.unlocks('first')
    // The pressed button is gone, so the next button gets the focus.
    await expect.poll(() => keyboard.has(lesson.next)).toBe(true)
    await keyboard.press('Enter')
    await lesson.step('second').waitFor()
    await keyboard.check('the next step')
    // On the projector, the room sees the step.
    await page.page.keyboard.press('f')
    await page.page.locator('[data-projector-view=lesson] [data-lesson-step=second]').waitFor()
    await keyboard.press('Escape')
    await page.page.locator('[data-projector-view=lesson]').waitFor({ state: 'detached' })
    await lesson.step('second').waitFor()
    await keyboard.press('Escape')
    await lesson.side.waitFor({ state: 'detached' })
    // The rail, before the page's content, is back.
    await keyboard.tabTo(page.button('Which is mine?'), 'Shift+Tab')

    stage('the dialogs of a class')
    const { joinDialog, mine } = new ClassPage(page)
    const dialogs = [
      [page.button('Which is mine?'), mine],
      [page.button('Class'), joinDialog],
    ] as const
    for (const [opener, dialog] of dialogs) {
      await keyboard.tabTo(opener)
      await keyboard.press('Enter')
      await dialog.waitFor()
      await keyboard.press('Tab', 'Tab', 'Shift+Tab')
      expect(await dialog.locator(':focus').count()).toBe(1)
      await keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      expect(await keyboard.has(opener)).toBe(true)
    }

    stage('a row is filtered away while it has the focus')
    await keyboard.tabTo(page.rows.first())
    await keyboard.press('ArrowDown', 'ArrowDown')
    await expect.poll(() => keyboard.has(page.row(shared.id(1)))).toBe(true)
    await page.page.evaluate(`(() => {
      const field = document.querySelector('[type=search]')
      field.value = 'ip=127.0.0.99'
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })()`)
    await page.row(shared.id(1)).waitFor({ state: 'detached' })
    await keyboard.check('a filter without the row')
    await keyboard.press('Escape')
    await expect.poll(() => page.filter.inputValue()).toBe('')
    stage('a row closes while it has the focus')
    await keyboard.tabTo(page.show('live'), 'Shift+Tab')
    await keyboard.press('Enter')
    // Tab returns to the row that had the focus.
    await keyboard.tabTo(page.row(shared.id(1)))
    clients[0]?.socket.resetAndDestroy()
    // The list holds still under the keyboard: the closed row stays.
    await page.row(shared.id(1)).and(page.page.locator('[data-state=closed]')).waitFor()
    expect(await keyboard.has(page.row(shared.id(1)))).toBe(true)

    stage('the board')
    await keyboard.press('2')
    await keyboard.tabTo(page.button('Board'))
    await keyboard.press('Enter')
    const tile = page.page.locator('[data-address="127.0.0.1"]')
    await keyboard.tabTo(tile)

    stage('the projector')
    await keyboard.press('f')
    const room = page.page.locator('[data-projector-view=board]')
    await room.waitFor()
    await keyboard.tabTo(room.locator('[data-address="127.0.0.1"]'))
    await keyboard.press('Escape')
    await room.waitFor({ state: 'detached' })
    stage('from a tile to the list of its address')
    await keyboard.tabTo(tile)
    await keyboard.press('Enter')
    await expect.poll(() => page.filter.inputValue()).toBe('ip=127.0.0.1')
    await keyboard.check('the list of a tile')
  })

  test('the palette finds a connection, the list of a filter, a view and an action, and leads there', async () => {
    const { port, page, keyboard } = start()
    await connectInOrder(8, port)
    await page.rows.nth(7).waitFor()
    const palette = page.page.locator('[data-palette]')
    await keyboard.press('Tab')
    const go = async (text: string) => {
      await keyboard.press('Control+k')
      await keyboard.type(text)
      await keyboard.press('Enter')
      await palette.waitFor({ state: 'hidden' })
    }
    await go(`#${shared.id(2)}`)
    await page.page.locator(`[data-panel="${shared.id(2)}"]`).waitFor()
    await go('events')
    await page.page.locator('[data-event]').first().waitFor()

    await keyboard.press('Control+k')
    await keyboard.type('127.0.0.1')
    await palette.locator('[data-command=all]').waitFor()
    await keyboard.press('ArrowUp', 'Enter')
    await expect.poll(() => page.filter.inputValue()).toBe('127.0.0.1')

    const [download] = await Promise.all([page.page.waitForEvent('download'), go('Export CSV')])
    expect(download.suggestedFilename()).toMatch(/^oneport-.*\.csv$/)

    await go(en.ports.settings.open)
    await page.page.getByRole('dialog', { name: /^Settings of port/ }).waitFor()
    await keyboard.press('Escape', 'Control+k')
    await keyboard.type('no such thing anywhere')
    await palette.getByText(en.palette.none).waitFor()
    await keyboard.press('Enter', 'Escape')
    await palette.waitFor({ state: 'hidden' })
  })

  test('the list of shortcuts has every one, and those of a single character can be turned off', async () => {
    const { port, page, keyboard } = start()
    await connectInOrder(1, port)
    const dialog = page.page.getByRole('dialog', { name: en.app.shortcuts.heading })
    await keyboard.press('Tab', '?')
    const listed = await dialog.locator('kbd').allInnerTexts()
    const singles = listed.filter((key) => key.length === 1 && !'↓↑'.includes(key))
    expect(singles).toEqual(expect.arrayContaining(['/', '?', 'a', 'b', 'e', 'j', 'k', 'l', 'p', 't']))
    await keyboard.tabTo(dialog.getByRole('checkbox'))
    await keyboard.press('Space', 'Escape')

    const reacted = page.page.locator('aside, dialog[open], [data-paused], input:focus')
    for (const key of singles) await page.page.keyboard.press(key)
    expect(await reacted.count()).toBe(0)
    await page.page.reload()
    await page.link('live')
    await page.page.keyboard.press('e')
    expect(await reacted.count()).toBe(0)

    await keyboard.tabTo(page.button('Keyboard shortcuts'))
    await keyboard.press('Enter')
    await keyboard.tabTo(dialog.getByRole('checkbox'))
    await keyboard.press('Space', 'Escape', '/')
    // Typing into a field triggers no shortcut.
    await keyboard.type('ep?')
    expect(await page.filter.inputValue()).toBe('ep?')
    expect(await page.page.locator('aside, dialog[open], [data-paused]').count()).toBe(0)
  })
})
