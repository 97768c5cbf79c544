import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** A program that tests drive: its path, or the reason why it is missing. */
export type Tool = { path: string; reason: null } | { path: null; reason: string }

const HEADLESS = 'chromium-headless-shell'
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', HEADLESS]
const MAC_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The first of these programs on PATH. */
export function findProgram(...names: string[]): Tool {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
  return path ? { path, reason: null } : { path: null, reason: `no ${names.join(' or ')} on PATH` }
}

/** An installed Chromium or Chrome, otherwise Playwright's download. */
export function findBrowser(): Tool {
  const installed = findProgram(...BROWSERS).path ?? MAC_BROWSERS.find(isProgram)
  if (installed) return { path: installed, reason: null }
  const downloaded = chromium.executablePath()
  if (existsSync(downloaded)) return { path: downloaded, reason: null }
  return { path: null, reason: 'no Chromium or Chrome here; npm run test:setup installs one' }
}

/** Chromium without windows, which takes little more than half of the CPU time. */
export const findHeadlessShell = (): Tool => findProgram(HEADLESS)

/** The browser of the end-to-end tests. */
export function findTestBrowser(): Tool {
  const shell = findHeadlessShell()
  return shell.path === null ? findBrowser() : shell
}

/**
 * The title of a suite that needs these tools. If one is missing, the title gives the reason why the suite is skipped.
 */
export function titleWith(title: string, ...tools: Tool[]): string {
  const reasons = tools.flatMap(({ reason }) => reason ?? [])
  return reasons.length > 0 ? `${title} (skipped: ${reasons.join('; ')})` : title
}

/** Skips a long test in CI, whose limit is 15 minutes. The test runs everywhere else. */
export const longTime: Tool = process.env['CI']
  ? { path: null, reason: 'CI has 15 minutes' }
  : { path: '/', reason: null }

export function isMissing(...tools: Tool[]): boolean {
  return tools.some(({ path }) => path === null)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
