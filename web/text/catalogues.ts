import type { Language } from '../../shared/language.ts'
import { en, type Messages } from './en/catalogue.ts'
import { withFallback } from './fallback.ts'
import { ru } from './ru/catalogue.ts'
import { typeset } from './ru/typeset.ts'

/** Every text of the page in each language. A text that Russian lacks is the English one. */
export const CATALOGUES: Record<Language, Messages> = { en, ru: withFallback(en, ru, typeset) }
