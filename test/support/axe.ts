import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Rules about names and labels, the language, colours and sizes. */
const OF_WORDS_AND_COLOURS = [
  'cat.name-role-value',
  'cat.text-alternatives',
  'cat.forms',
  'cat.language',
  'cat.color',
  'cat.sensory-and-visual-cues',
]

// Experimental rules count too, except one: it rejects focus on a grid's row, which ARIA allows.
const ALL = axe.getRules(TAGS).filter(({ ruleId }) => ruleId !== 'focus-order-semantics')

/** Names of axe rules: all, or only those that another language or theme can break. */
export const RULES = {
  all: ALL.map(({ ruleId }) => ruleId),
  wordsAndColours: ALL.filter(({ tags }) => OF_WORDS_AND_COLOURS.some((tag) => tags.includes(tag))).map(
    ({ ruleId }) => ruleId,
  ),
}

/** What lies over the page is looked at alone: what is behind it was seen in another view. */
const PART = `(document.querySelector('dialog[open], [popover]:popover-open') ?? document)`

/**
 * The violations that axe finds on the page now, one entry for each rule, with its places. The script is evaluated, not added as
 * a script element, which the page's content security policy would block.
 */
export async function faultsIn(page: Page, rules: string[]): Promise<string[]> {
  // The style sheets, which axe parses in as much time as all its rules take, change only with the document.
  const preload = !(await page.evaluate<boolean>(`'axe' in globalThis`))
  if (preload) await page.evaluate(`${axe.source}; undefined`)
  const options = { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'], elementRef: false, preload }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${PART}, ${JSON.stringify(options)})`)
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ')
      return `\n    ${html.slice(0, 160)}: ${why}`
    })
    return `${id}: ${help} (${nodes.length})${places.join('')}`
  })
}
