/** What a person can find in the palette and choose. */
export interface Command {
  /** Unique in the palette. */
  id: string
  group: CommandGroup
  /** Found by any of its words. */
  label: string
  /** Also found by these words, which are not shown. */
  also?: string
  /** The key that does the same, as in the table of shortcuts. */
  key?: string
  /** Not offered until a text is typed. */
  whenTyped?: boolean
  run: () => void
}

export const GROUPS = ['connection', 'port', 'view', 'action'] as const
export type CommandGroup = (typeof GROUPS)[number]

/** Every word of the text must begin a word of the command. Commands whose label begins with the text come first. */
export function find(commands: readonly Command[], text: string): Command[] {
  const wanted = wordsOf(text)
  const found = commands.filter(({ label, also = '', whenTyped = false }) => {
    if (whenTyped && wanted.length === 0) return false
    const words = wordsOf(`${label} ${also}`)
    return wanted.every((start) => words.some((word) => word.startsWith(start)))
  })
  const start = text.trim().toLowerCase()
  const first = ({ label }: Command): boolean => label.toLowerCase().startsWith(start)
  return [...found.filter(first), ...found.filter((command) => !first(command))]
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
