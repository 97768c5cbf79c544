export type Theme = 'light' | 'dark'

const KEY = 'oneport.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')

/** The system's theme until a person chooses; `public/theme.js` sets the choice before the first paint. */
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
    localStorage.setItem(KEY, this.#theme)
  }
}

function chosen(): Theme | null {
  const theme = document.documentElement.dataset['theme']
  return theme === 'light' || theme === 'dark' ? theme : null
}

function system(): Theme {
  return dark.matches ? 'dark' : 'light'
}

export const theme = new ThemeChoice()
