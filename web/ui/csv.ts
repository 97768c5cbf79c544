/** RFC 4180: lines end with CRLF, and a field with a quote, a comma or a line break is quoted. */
export function csvLine(fields: readonly unknown[]): string {
  return fields.map(csvField).join(',') + '\r\n'
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  // Only text can come from a client; a number may start with a minus sign.
  const text = typeof value === 'string' ? asText(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A spreadsheet would evaluate a field that looks like a formula. An apostrophe makes it text (OWASP, CSV injection). */
function asText(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}
