import { defaultOf, type Option, variableOf } from '../server/config/options.ts'

const [START, END] = ['<!-- options -->', '<!-- end of options -->']

/** Returns the page with a current table of options. */
export function withOptionTable(page: string, options: Option[]): string {
  const [before, after] = [page.split(START)[0], page.split(END)[1]]
  if (after === undefined) throw new Error(`docs/options.md has no ${START} … ${END}`)
  return `${before}${START}\n\n${optionTable(options)}\n\n${END}${after}`
}

/** Padded like oxfmt does, because `npm run check` verifies the format. */
function optionTable(options: Option[]): string {
  const rows = [['Flag', 'Variable', 'Default', 'Meaning'], ...options.map(row)]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  const lines = rows.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function row(option: Option): string[] {
  const { flag, help, default: value, isSwitch } = option
  const flags = [flag, ...(isSwitch ? [`no-${flag}`] : [])].map((name) => `\`--${name}\``).join(', ')
  return [flags, `\`${variableOf(option)}\``, value === '' ? defaultOf(option) : `\`${value}\``, sentence(help)]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
