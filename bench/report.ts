/** The result of a row. */
export interface Measurement {
  measured: string
  pass: boolean
  /** Further figures and what they mean, one sentence each. */
  details: string[]
}

/** A line in the table of budgets. */
export interface Row {
  name: string
  what: string
  budget: string
  measure(): Promise<Measurement>
}

export interface Result {
  row: Row
  /** A string says why the row could not be measured. */
  outcome: Measurement | string
}

export function table(results: Result[]): string {
  const lines = results.map(({ row, outcome }) => {
    const [measured, verdict] =
      typeof outcome === 'string'
        ? [`not measured: ${outcome}`, '-']
        : [outcome.measured, outcome.pass ? 'pass' : '**miss**']
    return `| ${row.name} | ${row.what} | ${row.budget} | ${measured} | ${verdict} |`
  })
  return ['| row | what | budget | measured | |', '|---|---|---|---|---|', ...lines].join('\n')
}

export function details(results: Result[]): string {
  return results
    .flatMap(({ row, outcome }) =>
      typeof outcome === 'string' ? [] : outcome.details.map((d) => `- ${row.name}: ${d}`),
    )
    .join('\n')
}

export function rounded(value: number, digits = 2): string {
  return value.toFixed(digits)
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en')
}

const [START, END] = ['<!-- results -->', '<!-- end of results -->']

/** Replaces the results in the page. */
export function inserted(page: string, results: string): string {
  const [before, after] = [page.split(START)[0], page.split(END)[1]]
  return `${before}${START}\n\n${results}\n\n${END}${after}`
}
