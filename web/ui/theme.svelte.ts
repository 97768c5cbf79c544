import { oneOf, Stored } from './stored.ts'

const THEMES = ['light', 'dark'] as const

export type Theme = (typeof THEMES)[number]

const stored = new Stored('theme', oneOf(THEMES))
const dark = matchMedia('(prefers-color-scheme: dark)')

/** The system's theme until a person chooses one. `public/theme.js` applies the choice before the first paint. */
class ThemeChoice {
  #theme = $state<Theme>(chosen() ?? system())

  constructor() {
    dark.addEventListener('change', () => (this.#theme = chosen() ?? system()))
  }

  get current(): Theme {
    return this.#theme
  }

  toggle(): void {
    this.#theme = this.#theme === 'dark' ? 'light' : 'dark'
    document.documentElement.dataset['theme'] = this.#theme
    stored.set(this.#theme)
  }
}

function chosen(): Theme | null {
  return THEMES.find((theme) => theme === document.documentElement.dataset['theme']) ?? null
}

function system(): Theme {
  return dark.matches ? 'dark' : 'light'
}

export const theme = new ThemeChoice()
