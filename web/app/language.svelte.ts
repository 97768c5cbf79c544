import { LANGUAGES, type Language } from '../../shared/language.ts'
import { speak } from '../text/messages.ts'
import { oneOf, Stored } from '../ui/stored.ts'

const stored = new Stored('language', oneOf(LANGUAGES))

/** The browser's language until a person chooses one. App.svelte recreates all texts when the language changes. */
class LanguageChoice {
  #language = $state<Language>(stored.get() ?? preferred())

  constructor() {
    this.#apply(this.#language)
  }

  get current(): Language {
    return this.#language
  }

  choose(language: Language): void {
    stored.set(language)
    this.#apply(language)
    this.#language = language
  }

  #apply(language: Language): void {
    speak(language)
    document.documentElement.lang = language
  }
}

function preferred(): Language {
  for (const tag of navigator.languages) {
    const known = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (known) return known
  }
  return 'en'
}

export const language = new LanguageChoice()
