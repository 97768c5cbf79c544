import { expect } from 'vitest'
import type { Locator } from 'playwright-core'
import type { StepId, TaskId } from '../../web/lesson/steps.ts'
import type { DashboardPage } from './dashboard-page.ts'

/** A row of the printed summary: socket, local and remote endpoint, inode, descriptor, TCP states. */
export type SheetRow = [name: string, local: string, remote: string, inode: string, fd: string, life: string]

/** The lesson, found by data attributes: it works in any language. */
export class LessonPage {
  readonly #page: DashboardPage

  constructor(page: DashboardPage) {
    this.#page = page
  }

  get side(): Locator {
    return this.#page.page.locator('[data-side=lesson]')
  }

  /** Leaves the introduction. */
  get begin(): Locator {
    return this.side.locator('[data-begin]')
  }

  step(id: StepId): Locator {
    return this.side.locator(`[data-lesson-step="${id}"]`)
  }

  /** The step's button at the top. */
  button(id: StepId): Locator {
    return this.side.locator(`[data-step="${id}"]`)
  }

  get next(): Locator {
    return this.side.locator('[data-next]')
  }

  /** The first command of the step, split into words. */
  async typed(): Promise<string[]> {
    const command = await this.side.locator('code').first().innerText()
    return command.replace('$', '').trim().split(' ')
  }

  task(id: TaskId): Locator {
    return this.side.locator(`[data-task="${id}"]`)
  }

  /** The evidence on the page. */
  facts(role: 'connected' | 'listening' | 'waiting' | 'packet' | 'refusal' | 'crowd' | 'bind'): Locator {
    return this.side.locator(`[data-came] [data-fact=${role}]`)
  }

  stray(why: string): Locator {
    return this.side.locator(`[data-stray="${why}"]`)
  }

  /** Says of the connection in question that it is the visitor's. */
  get mine(): Locator {
    return this.side.locator('[data-mine]')
  }

  get noneMine(): Locator {
    return this.side.locator('[data-none-mine]')
  }

  waitsFor(task: TaskId): Locator {
    return this.side.locator(`[data-waiting-for="${task}"]`)
  }

  async predict(answer: string): Promise<void> {
    await this.side.locator(`input[type=radio][value="${answer}"]`).check()
  }

  /** Answers one part of a question with parts. */
  async predictPart(part: string, answer: string): Promise<void> {
    await this.part(part).locator(`input[value=${answer}]`).check()
  }

  part(part: string): Locator {
    return this.side.locator(`[data-part=${part}]`)
  }

  prediction(as: 'right' | 'wrong'): Locator {
    return this.side.locator(`[data-prediction=${as}]`)
  }

  /** Goes on to the next step, which must be this one. */
  async goOn(id: StepId): Promise<void> {
    await this.next.click()
    await this.step(id).waitFor()
  }

  /** Waits for the step's evidence. */
  async unlocks(id: StepId): Promise<void> {
    await this.side.locator(`[data-lesson-step="${id}"][data-evidence=true]`).waitFor()
  }

  async isLocked(id: StepId): Promise<void> {
    expect(await this.step(id).getAttribute('data-evidence')).toBe('false')
    expect(await this.next.count()).toBe(0)
  }

  get sheet(): Locator {
    return this.#page.page.locator('[data-summary-sheet]')
  }

  async sheetRows(id: StepId): Promise<SheetRow[]> {
    const rows = await this.sheet.locator(`[data-sheet-step="${id}"] tbody tr`).all()
    return Promise.all(rows.map(async (row) => (await row.locator('td').allInnerTexts()) as SheetRow))
  }
}
