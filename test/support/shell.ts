import { PAGES, readPage } from './docs.ts'
import { codeBlocks, inlineCode } from './markdown.ts'

/** One command of a shell block: `A=1 program word word`. */
export interface Command {
  page: string
  /** The command as written, without a comment. */
  text: string
  variables: string[]
  program: string
  args: string[]
}

/** Inline code with this beginning counts as a command. */
const INLINE = /^([A-Z_]+=\S* )*(npm|npx|docker|curl) /

/**
 * Every command in the documentation, from `sh` blocks and from inline code. Commands joined by `&&` or `|` are
 * listed one by one.
 */
export function documentedCommands(): Command[] {
  return PAGES.flatMap((page) => {
    const text = readPage(page)
    const lines = codeBlocks(text, 'sh').flatMap((block) => block.split('\n'))
    const inline = inlineCode(text).filter((code) => INLINE.test(code))
    return [...lines, ...inline].flatMap(pipelines).map((each) => command(page, each))
  })
}

/** Splits a line into words. Quotes keep a word together, and a # at the start of a word begins a comment. */
function words(line: string): string[] {
  const found: string[] = []
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (word.startsWith('#')) break
    found.push(word)
  }
  return found
}

function pipelines(line: string): string[] {
  const commands: string[][] = [[]]
  for (const word of words(line)) {
    if (word === '&&' || word === '|') commands.push([])
    else commands.at(-1)?.push(word)
  }
  return commands.filter((parts) => parts.length > 0).map((parts) => parts.join(' '))
}

function command(page: string, text: string): Command {
  const parts = words(text)
  const redirect = parts.indexOf('>')
  const used = redirect < 0 ? parts : parts.slice(0, redirect)
  const first = used.findIndex((word) => !/^[A-Z_]+=/.test(word))
  const [program = '', ...args] = used.slice(first).map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
  return { page, text, variables: used.slice(0, first).map((word) => word.split('=')[0] ?? ''), program, args }
}
