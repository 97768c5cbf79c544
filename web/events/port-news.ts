import type { PortProblem } from '../../shared/diagnosis.ts'
import type { Behavior, Listener } from '../../shared/stream.ts'
import type { Language } from '../../shared/language.ts'

/** What happened to the port as a whole. */
export type PortNews =
  | { what: 'behavior'; behavior: Behavior }
  | { what: 'rules' | 'stopping' | 'stopped' | 'resumed' | 'unresponsive' | 'responds' }
  | { what: 'greeting'; language: Language }
  | { what: 'down'; fault: string | null }
  | { what: 'restarted'; pid: number | null }
  | { what: 'problem' | 'problem-over'; problem: PortProblem }
  /** The page had no link to the server. */
  | { what: 'gap'; until: number }
  /** The server was restarted while the page had no link to it. */
  | { what: 'server-restarted'; until: number }

/** What has changed between two reports of the listening socket that followed each other. Floods have a line of their own. */
export function newsBetween(before: Listener, after: Listener): PortNews[] {
  const news: PortNews[] = []
  if (after.behavior !== before.behavior) news.push({ what: 'behavior', behavior: after.behavior })
  else if (JSON.stringify(after.rules) !== JSON.stringify(before.rules)) news.push({ what: 'rules' })
  if (after.greetingLanguage !== before.greetingLanguage) {
    news.push({ what: 'greeting', language: after.greetingLanguage })
  }
  news.push(...ofProcess(before, after))
  if (after.unresponsive !== before.unresponsive) news.push({ what: after.unresponsive ? 'unresponsive' : 'responds' })
  for (const problem of missingIn(before.problems, after.problems)) news.push({ what: 'problem-over', problem })
  for (const problem of missingIn(after.problems, before.problems)) news.push({ what: 'problem', problem })
  return news
}

function ofProcess(before: Listener, after: Listener): PortNews[] {
  if (after.state === 'stopping') return before.state === 'stopping' ? [] : [{ what: 'stopping' }]
  if (after.state === 'down') return before.state === 'down' ? [] : [{ what: 'down', fault: after.fault }]
  // While the port is down it may have no process.
  const restarted = after.pid !== before.pid
  const news: PortNews[] = restarted ? [{ what: 'restarted', pid: after.pid }] : []
  if (after.state === before.state || (restarted && before.state === 'down' && after.state === 'accepting')) return news
  return [...news, { what: after.state === 'paused' ? 'stopped' : 'resumed' }]
}

/** The problems of one list that another one lacks. */
function missingIn(problems: readonly PortProblem[], other: readonly PortProblem[]): PortProblem[] {
  const nameOf = ({ code, evidence }: PortProblem) => `${code} ${evidence.address ?? ''}`
  const names = new Set(other.map(nameOf))
  return problems.filter((problem) => problem.code !== 'flooding' && !names.has(nameOf(problem)))
}
