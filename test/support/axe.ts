import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What axe finds wrong with what the page shows now, a line of each kind: its rule and where. The script is evaluated, not added to the page,
 * whose content security policy would refuse it.
 */
export async function faultsIn(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(`${axe.source}; undefined`)
  const options = { runOnly: TAGS, resultTypes: ['violations'], elementRef: false }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ')
      return `\n    ${html.slice(0, 160)}: ${why}`
    })
    return `${id}: ${help} (${nodes.length})${places.join('')}`
  })
}
