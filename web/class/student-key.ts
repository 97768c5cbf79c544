import { keepToken } from '../live/token.ts'
import { Stored } from '../ui/stored.ts'

/** All tabs of a browser are one student, also after a restart of the browser. The key is worth nothing in another class. */
const stored = new Stored<{ classId: string; key: string }>('student', {
  parse: (text) => {
    const [classId, key] = text.split(' ')
    return classId && key ? { classId, key } : null
  },
  format: ({ classId, key }) => `${classId} ${key}`,
})

/** This browser's key in the class; null if it has none. */
export function keyIn(classId: string): string | null {
  const kept = stored.get()
  return kept?.classId === classId ? kept.key : null
}

export function keepKey(classId: string, key: string): void {
  stored.set({ classId, key })
}

export function forgetKey(): void {
  stored.set(null)
}

/** Opens this page again with another token. */
export function goOnAs(token: string): void {
  keepToken(token)
  location.reload()
}
