/** RFC 4180: lines end with CRLF, and a field with a quote, a comma or a line break stands in quotes. */
export function csvLine(fields: readonly unknown[]): string {
  return fields.map(csvField).join(',') + '\r\n'
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  // Only a text can come from a stranger; a number may begin with a minus.
  const text = typeof value === 'string' ? asText(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A spreadsheet would calculate what begins like a formula: an apostrophe makes it text (OWASP, CSV injection). */
function asText(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}
