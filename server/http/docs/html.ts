const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text that is already HTML. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = Html | string | number | Value[]

/** A template tag that escapes every value except Html. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((text, i) => (i === 0 ? '' : write(values[i - 1] ?? '')) + text).join(''))
}

/** Turns `code` in backticks into <code>, as in Markdown. */
export function prose(text: string): Html[] {
  return text.split('`').map((part, i) => (i % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
}

function write(value: Value): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(write).join('')
  return String(value).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}
