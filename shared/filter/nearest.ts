/** Fewer letters than this are the start of too much. */
const START_LENGTH = 2

/**
 * The known term start that an unknown one was probably meant to be. The key decides, and the operator only among
 * starts of the same key: `bytes:` is meant to be `bytes>`.
 * @param starts such as `sendq>`
 * @returns null if none is near
 */
export function nearestStart(key: string, operator: string, starts: readonly string[]): string | null {
  let nearest: string | null = null
  let least = Infinity
  for (const start of starts) {
    const [, known = '', other = ''] = /^([a-z]+)(.+)$/.exec(start) ?? []
    const distance = keyDistance(key, known) + (operator.startsWith(other) ? 0 : 0.5)
    if (distance < least) [nearest, least] = [start, distance]
  }
  return nearest
}

/** The number of letters to change, or Infinity for another word. `sendqueue` is `sendq`, spelled out. */
function keyDistance(typed: string, known: string): number {
  const shorter = Math.min(typed.length, known.length)
  const spelledOut = shorter >= START_LENGTH && (typed.startsWith(known) || known.startsWith(typed))
  if (spelledOut) return typed.length === known.length ? 0 : 1
  const distance = editDistance(typed, known)
  return distance > Math.min(typed.length, known.length) / 2 ? Infinity : distance
}

/** Letters to insert, delete or replace (Levenshtein); one more than the longest known word for a much longer one. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > b.length) return b.length + 1
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    above = row
  }
  return above[b.length] ?? 0
}
