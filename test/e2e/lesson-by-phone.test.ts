import { describe, expect, test } from 'vitest'
import { ANSWERS, PARTS, STEP_IDS, TASKS } from '../../web/lesson/steps.ts'
import { browserTool, BrowserOfFile } from '../support/browser.ts'
import { connectClients } from '../support/clients.ts'
import { LessonPage } from '../support/lesson-page.ts'
import { stager } from '../support/stage.ts'
import { isMissing, longTime, titleWith, type Tool } from '../tools.ts'
import { ru } from '../../web/text/ru/catalogue.ts'

const LINUX: Tool =
  process.platform === 'linux'
    ? { path: '/proc', reason: null }
    : { path: null, reason: 'not every address of 127.0.0.0/8 is there' }

/** The page joins short words to the next one. */
const plain = (text: string): string => text.replaceAll('\u00A0', ' ')

describe.skipIf(isMissing(browserTool, LINUX, longTime))(
  titleWith('the lesson on a phone', browserTool, longTime),
  () => {
    const browser = new BrowserOfFile()

    test(
      'is taken in Russian with its buttons alone, while thirty others are connected',
      { timeout: 120_000 },
      async () => {
        const stage = stager()
        const { port, page } = await browser.serve(['--max-connections=1000'], {
          locale: 'ru-RU',
          viewport: { width: 390, height: 844 },
          hasTouch: true,
        })
        // The browser logs the refused request of step 6.
        page.tolerated = /409/
        await connectClients(30, port, { localAddress: '127.0.0.9' })
        await page.page.goto(`${page.page.url().split('#')[0]}#lesson`)
        const lesson = new LessonPage(page)
        await lesson.begin.click()
        for (const id of STEP_IDS) {
          stage(id)
          await lesson.step(id).waitFor()
          expect(plain(await lesson.step(id).innerText())).toContain(plain(ru.lesson?.steps?.[id]?.title ?? ''))
          const [answer] = ANSWERS[id] as readonly string[]
          if (answer !== undefined) {
            await lesson.isLocked(id)
            for (const part of PARTS[id] ?? []) await lesson.predictPart(part, answer)
            if (PARTS[id] === undefined) await lesson.predict(answer)
          }
          for (const task of TASKS[id]) {
            const button = lesson.task(task)
            // The last press of a step replaces its buttons by the evidence.
            if ((await button.count()) > 0) await button.click()
            await lesson.side
              .locator(`[data-task="${task}"].done, [data-lesson-step="${id}"][data-evidence=true]`)
              .first()
              .waitFor({ timeout: 40_000 })
          }
          await lesson.unlocks(id)
          if (id !== 'tuples') await lesson.next.click()
        }
      },
    )
  },
)
