const BRACKETS = { BracketLeft: '[', BracketRight: ']' }

/**
 * In a non-Latin layout, a shortcut is the key at the Latin letter's position. On the ЙЦУКЕН layout, the key of `/`
 * types a full stop.
 */
export function latinKey({ key, code, shiftKey }: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter !== undefined && /[^\p{ASCII}]/u.test(key)) return shiftKey ? letter : letter.toLowerCase()
  if (code === 'Slash' && (key === '.' || key === ',')) return shiftKey ? '?' : '/'
  if (code === 'BracketLeft' || code === 'BracketRight') return /[^\p{ASCII}]/u.test(key) ? BRACKETS[code] : key
  return key
}
