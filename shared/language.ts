/** The languages of the page and of the greeting. */
export const LANGUAGES = ['en', 'ru'] as const

export type Language = (typeof LANGUAGES)[number]

/** The forms of a word beside a whole number that each language has (Unicode CLDR). */
interface Forms {
  en: Record<'one' | 'other', string>
  ru: Record<'one' | 'few' | 'many', string>
}

/** @returns what picks the form of a word that a whole number asks for */
export function pluralIn<L extends Language>(language: L): (count: number, forms: Forms[L]) => string {
  // Looked up, since Intl takes as long as all else in a greeting. From 100 on the last two digits decide, in both languages.
  const rules = new Intl.PluralRules(language)
  const known = Array.from({ length: 200 }, (_, count) => rules.select(count))
  return (count, forms) => {
    const words: Partial<Record<Intl.LDMLPluralRule, string>> = forms
    return words[known[count < 100 ? count : 100 + (count % 100)] ?? 'other'] ?? ''
  }
}
