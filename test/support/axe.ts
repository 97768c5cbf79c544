import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Of names and labels, of the language, of colours and sizes. */
const OF_WORDS_AND_COLOURS = [
  'cat.name-role-value',
  'cat.text-alternatives',
  'cat.forms',
  'cat.language',
  'cat.color',
  'cat.sensory-and-visual-cues',
]

// The rules that axe calls experimental count as well, but for one that takes no row of a grid for what may have the focus: ARIA does.
const ALL = axe.getRules(TAGS).filter(({ ruleId }) => ruleId !== 'focus-order-semantics')

/** Of axe's rules, by their names: all, or those that another language and another theme can break. */
export const RULES = {
  all: ALL.map(({ ruleId }) => ruleId),
  wordsAndColours: ALL.filter(({ tags }) => OF_WORDS_AND_COLOURS.some((tag) => tags.includes(tag))).map(
    ({ ruleId }) => ruleId,
  ),
}

/**
 * What axe finds wrong with what the page shows now, a line of each kind: its rule and where. The script is evaluated, not added to the page,
 * whose content security policy would refuse it.
 */
export async function faultsIn(page: Page, rules: string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(`${axe.source}; undefined`)
  const options = { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'], elementRef: false }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ')
      return `\n    ${html.slice(0, 160)}: ${why}`
    })
    return `${id}: ${help} (${nodes.length})${places.join('')}`
  })
}
