/** Reads hex digits as people write them: `0d 0a`, `0x0d, 0x0a`, `0d:0a`. @returns null if there is anything else */
export function hexDigits(text: string): string | null {
  const digits = text.replace(/0x|[\s,:]/gi, '')
  return /^[0-9a-f]*$/i.test(digits) ? digits : null
}
