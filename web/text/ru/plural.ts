import { pluralIn } from '../../../shared/language.ts'

export const plural = pluralIn('ru')
