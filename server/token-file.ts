import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The second one is writable even where the image's file system is read-only. */
const FOLDERS = [tmpdir(), '/dev/shm']

/**
 * Writes the address with a made token to a file that only this user can read, and removes it when the process exits.
 * Without a terminal there is no other safe place: the log may be sent anywhere.
 * @returns the file's path
 */
export function keepAddress(address: string): string {
  const folder = newFolder()
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'address')
  writeFileSync(file, `${address}\n`, { mode: 0o600 })
  return file
}

/** mkdtemp makes a folder with a name that nobody can foresee, for its owner only. */
function newFolder(): string {
  for (const parent of FOLDERS) {
    try {
      return mkdtempSync(join(parent, 'oneport-'))
    } catch {
      // Try the next one.
    }
  }
  throw new Error(`--token auto: cannot write to ${FOLDERS.join(' or ')}; set a token of your own`)
}
