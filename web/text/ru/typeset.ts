const NBSP = '\u00a0'

/** Keeps a dash with the word before it, a number with the word after it (an address is none), and «№» with its number. */
export function typeset(text: string): string {
  // Only before a Cyrillic word: Latin text can be a command, which must stay as it is typed.
  return text.replace(/ (?=—)|(?<=(?<![\d.])\d+) (?=[а-яё])|(?<=№) /giu, NBSP)
}
