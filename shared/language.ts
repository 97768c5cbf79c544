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
  const rules = new Intl.PluralRules(language)
  return (count, forms) => {
    const known: Partial<Record<Intl.LDMLPluralRule, string>> = forms
    return known[rules.select(count)] ?? ''
  }
}
