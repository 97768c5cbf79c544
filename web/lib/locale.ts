/** The language of the page. */
export const locale = 'en'

const rules = new Intl.PluralRules(locale)

/** The form of a word that a number asks for; languages differ in which forms they have. */
export function plural(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string {
  return forms[rules.select(count)] ?? forms.other
}
