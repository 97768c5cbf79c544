import { messages } from '../text/messages.ts'

/** A key's name as printed on a keyboard. @param key as in the table of shortcuts */
export function keyCaps(key: string): string {
  return key
    .split('+')
    .map(
      (part) =>
        messages.app.shortcuts.keys[part] ?? (part.length === 1 && key.includes('+') ? part.toUpperCase() : part),
    )
    .join('+')
}
