import { LANGUAGES, type Language } from '../../shared/language.ts'
import { speak } from '../text/messages.ts'

const KEY = 'oneport.language'

/** The browser's language until a person chooses. What shows text is made anew when it changes (App.svelte). */
class LanguageChoice {
  #language = $state<Language>(chosen() ?? preferred())

  constructor() {
    this.#apply(this.#language)
  }

  get current(): Language {
    return this.#language
  }

  choose(language: Language): void {
    try {
      localStorage.setItem(KEY, language)
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
    this.#apply(language)
    this.#language = language
  }

  #apply(language: Language): void {
    speak(language)
    document.documentElement.lang = language
  }
}

function known(tag: string | null): Language | null {
  return LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language) ?? null
}

function chosen(): Language | null {
  try {
    return known(localStorage.getItem(KEY))
  } catch {
    return null
  }
}

function preferred(): Language {
  for (const tag of navigator.languages) {
    const language = known(tag)
    if (language) return language
  }
  return 'en'
}

export const language = new LanguageChoice()
