/** What a row found. */
export interface Measurement {
  measured: string
  pass: boolean
  /** Further figures and their meaning, a sentence each. */
  details: string[]
}

/** One line of the table of budgets. */
export interface Row {
  name: string
  what: string
  budget: string
  measure(): Promise<Measurement>
}

export interface Result {
  row: Row
  /** Or why it could not be measured. */
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

/** Puts the results in their place in a page. */
export function inserted(page: string, results: string): string {
  const [before, after] = [page.split(START)[0], page.split(END)[1]]
  return `${before}${START}\n\n${results}\n\n${END}${after}`
}
