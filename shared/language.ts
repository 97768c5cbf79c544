/** The languages of the page and of the greeting. */
export const LANGUAGES = ['en', 'ru'] as const

export type Language = (typeof LANGUAGES)[number]

/** The plural forms that each language needs for whole numbers (Unicode CLDR). */
interface Forms {
  en: Record<'one' | 'other', string>
  ru: Record<'one' | 'few' | 'many', string>
}

/** @returns a function that chooses the right form for a whole number */
export function pluralIn<L extends Language>(language: L): (count: number, forms: Forms[L]) => string {
  // Precomputed, because Intl.PluralRules would take as long as the rest of a greeting. From 100 on, only the last
  // two digits matter.
  const rules = new Intl.PluralRules(language)
  const known = Array.from({ length: 200 }, (_, count) => rules.select(count))
  return (count, forms) => {
    const words: Partial<Record<Intl.LDMLPluralRule, string>> = forms
    return words[known[count < 100 ? count : 100 + (count % 100)] ?? 'other'] ?? ''
  }
}
