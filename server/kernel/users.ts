import { readFileSync } from 'node:fs'

let names = new Map<number, string>()
const asked = new Set<number>()

/** The user's name (passwd(5)). @returns null for a user without an entry there, as in many containers */
export function userName(uid: number): string | null {
  // Users are added while we run, but an unknown one must not make us read the file again and again.
  if (!names.has(uid) && !asked.has(uid)) {
    names = readNames()
    asked.add(uid)
  }
  return names.get(uid) ?? null
}

function readNames(): Map<number, string> {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    return new Map(
      lines.flatMap((line): [number, string][] => {
        const [name = '', , uid = ''] = line.split(':')
        return name === '' || !/^\d+$/.test(uid) ? [] : [[Number(uid), name]]
      }),
    )
  } catch {
    return new Map()
  }
}
